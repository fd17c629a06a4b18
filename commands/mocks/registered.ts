/** One resource as a program registered it, with nothing behind it that answered. */
export interface Registered {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly parent: string;
  /** Whether a provider makes it: a component of the program's own is nothing by itself. */
  readonly isResource: boolean;
  /** Whether its provider makes further resources that the program does not name: a chart. */
  readonly hasUnknownChildren: boolean;
  readonly isProtected: boolean;
  readonly isRetained: boolean;
  /** URNs under which the engine knew it before. */
  readonly aliases: readonly string[];
  readonly inputs: Readonly<Record<string, unknown>>;
}
