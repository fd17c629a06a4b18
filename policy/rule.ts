/** A resource as a rule sees it, before it is created or changed. */
export interface Resource {
  /** Type token: `kubernetes:apps/v1:Deployment`. */
  readonly type: string;
  /** Its inputs. A value that a preview does not know yet throws when it is read; see {@link known}. */
  readonly props: Readonly<Record<string, unknown>>;
  /** Whether the engine refuses to delete it. */
  readonly isProtected: boolean;
}

/** What a stack declares of itself; `npm run` commands hand it to the pack (commands/engine/policy.ts). */
export interface StackDeclaration {
  /** Registry that all images come from, `host[:port][/path]`. */
  readonly registry: string;
  /** Whether the stack builds its images, and names them by content tag. */
  readonly buildsImages: boolean;
  /** Ports that the stack opens on every node. */
  readonly nodePorts: readonly number[];
  /** Host names that the stack serves on the internet; empty if it has no gateway to it. */
  readonly publicHosts: readonly string[];
  /** Whether data outlives the stack. */
  readonly protectsData: boolean;
}

/** Something that no stack may declare, as a pure function of one resource. */
export interface Rule {
  /** Kebab-case. */
  readonly name: string;
  /** What is demanded, as a sentence. */
  readonly description: string;
  /**
   * What is wrong with a resource, one message each; none where the rule has nothing to say of it.
   *
   * Messages name property, rule, value and remedy, and never a secret.
   */
  check(resource: Resource, stack: StackDeclaration): string[];
}

/** What `read` returns, or undefined while a preview does not know it yet; the update checks it then. */
export function known<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if ((error as Error).name === "UnknownValueError") return undefined;
    throw error;
  }
}
