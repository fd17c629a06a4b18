import type { StackDeclaration } from "../../policy/rule.ts";

/** A stack that builds its images, on one machine. */
const dev: StackDeclaration = {
  registry: "registry.example",
  buildsImages: true,
  nodePorts: [30100, 30101],
  publicHosts: [],
  protectsData: false,
};

/** A stack that runs releases, on Google Cloud. */
const prod: StackDeclaration = {
  registry: "registry.example",
  buildsImages: false,
  nodePorts: [],
  publicHosts: ["cms.example.com"],
  protectsData: true,
};

/** What the cases' stacks declare. */
export const stacks = { dev, prod };

/** A resource that a rule accepts, and its mutant that differs in one thing and is refused. */
export interface Case {
  readonly rule: string;
  /** What the mutant has. */
  readonly what: string;
  readonly type: string;
  readonly stack: keyof typeof stacks;
  readonly good: Readonly<Record<string, unknown>>;
  readonly mutant: Readonly<Record<string, unknown>>;
  /** Type of the mutant. @default - that of the good one */
  readonly mutantType?: string;
  /** Where the mutant is refused. @default - where the good one is good */
  readonly mutantStack?: keyof typeof stacks;
  /** Whether the engine protects the mutant, as it does the good one. @default true */
  readonly isProtected?: boolean;
  /** Everything that the rule says of the mutant. */
  readonly says: readonly string[];
}

/** A resource as one side of a case gives it. */
export interface Side {
  readonly type: string;
  readonly stack: keyof typeof stacks;
  readonly props: Readonly<Record<string, unknown>>;
  readonly isProtected: boolean;
}

/** The good side of a case. */
export function goodOf({ type, stack, good }: Case): Side {
  return { type, stack, props: good, isProtected: true };
}

/** The refused side of a case. */
export function mutantOf(one: Case): Side {
  return {
    type: one.mutantType ?? one.type,
    stack: one.mutantStack ?? one.stack,
    props: one.mutant,
    isProtected: one.isProtected ?? true,
  };
}
