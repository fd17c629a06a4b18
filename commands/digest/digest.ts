/** What a preview or a look for drift found: plain data that `digest.json` holds and {@link markdown} shows. */
export interface Digest {
  /** Form of this file; a reader refuses another one. */
  readonly version: 1;
  readonly stack: string;
  readonly about: "preview" | "drift";
  /** `engine`: by Pulumi's engine and the providers; `mocks`: by the program alone, against another commit. */
  readonly tier: "engine" | "mocks";
  /** What a reader has to know of how this was made, one sentence each. */
  readonly notes: readonly string[];
  /** False if the engine or the program ended early: what is listed is not all. */
  readonly complete: boolean;
  /** By URN, resources only: components are nothing by themselves. */
  readonly changes: readonly Change[];
  /** What becomes of campaigns, in a marketer's words. */
  readonly campaigns: readonly CampaignNews[];
  /** Number of resources that stay as they are. */
  readonly unchanged: number;
  /** What policies say against the changes. */
  readonly violations: readonly Violation[];
  /** Version of each policy pack that looked at the resources, by name. */
  readonly policyPacks: Readonly<Record<string, string>>;
  readonly errors: readonly Problem[];
  /** SHA-256 of the stack and all changes: equal fingerprints are equal changes. */
  readonly fingerprint: string;
}

/** What becomes of one campaign. */
export interface CampaignNews {
  readonly name: string;
  readonly change: "new" | "changed" | "ended";
  /** What it says now of each of its parts that changes, `For whom`, and what it said before; empty for nothing. */
  readonly says: readonly {
    readonly about: string;
    readonly before: string;
    readonly after: string;
  }[];
}

/** What becomes of a resource; `update or replace` where only the provider could tell. */
export type Operation = "create" | "update" | "update or replace" | "replace" | "delete" | "import";

/** What becomes of one resource. */
export interface Change {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly op: Operation;
  /** Paths of the changed properties, sorted; empty where all of the resource comes or goes. */
  readonly paths: readonly string[];
  /** Those of `paths` that force a replacement. */
  readonly replacedBy: readonly string[];
  /** The engine refuses to delete it. */
  readonly isProtected: boolean;
  /** It outlives its deletion from the stack. */
  readonly isRetained: boolean;
  /** It was protected or retained, and is so no longer. */
  readonly losesProtection: boolean;
  /**
   * SHA-256 of the resource's new inputs, with nothing but a mark in place of each secret; null where nothing new is
   * declared.
   */
  readonly values: string | null;
}

/** What a policy says against a resource, or against the stack. */
export interface Violation {
  readonly policy: string;
  readonly level: "advisory" | "mandatory";
  readonly urn: string | null;
  readonly message: string;
}

/** Why the preview did not succeed. */
export interface Problem {
  readonly urn: string | null;
  readonly message: string;
}
