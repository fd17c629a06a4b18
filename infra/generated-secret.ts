import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { SecretValue } from "./secret-value.ts";

/**
 * Generations of secrets that are valid, newest first, by the secret's name: `[1]`, or `[1, 0]` while the former one is
 * still accepted. A secret that was never rotated is not listed and has generation 0.
 */
export type Generations = Readonly<Record<string, readonly number[]>>;

/** What a generated secret is like, and what it is for. */
export interface SecretSpec {
  /** Number of characters: letters and digits. */
  readonly length: number;

  /**
   * Whether a lower-case letter, an upper-case letter and a digit must be among them, as rules for passwords ask.
   *
   * @default false
   */
  readonly mixed?: boolean;

  /** What it is for, as the end of the sentence "It …". */
  readonly purpose: string;

  /**
   * What people notice of a rotation, as a sentence without its full stop.
   *
   * @default - nothing
   */
  readonly notice?: string;

  /**
   * Whether it was handed out to programs that we do not deploy: its former generation is valid until it is retired.
   *
   * @default false
   */
  readonly handedOut?: boolean;
}

/** One generation of a secret. */
export interface SecretGeneration extends SecretValue {
  readonly number: number;
  readonly value: pulumi.Output<string>;
}

/**
 * A generated secret in all generations that are valid.
 *
 * Creates one `random:RandomPassword` per generation: `<name>` for generation 0, `<name>.<n>` after it: no source has a
 * dot in its name.
 */
export class GeneratedSecret {
  /** What is handed out from now on. */
  public readonly newest: SecretGeneration;

  /** What is accepted besides, while a rotation is under way. */
  public readonly previous: SecretGeneration | undefined;

  constructor(
    name: string,
    spec: SecretSpec,
    generations: Generations,
    opts: pulumi.CustomResourceOptions,
  ) {
    const [newest = 0, previous] = generations[name] ?? [0];
    const generation = (number: number): SecretGeneration => ({
      number,
      value: password(number === 0 ? name : `${name}.${number}`, spec, opts),
      revision: generationRevision(number),
    });
    this.newest = generation(newest);
    // That there is one is a change, too: its revision is never empty.
    this.previous =
      previous === undefined ? undefined : { ...generation(previous), revision: `${previous}` };
  }

  /** What everybody accepts already, while a rotation is under way: what the side that changes first still sends. */
  public get oldest(): SecretGeneration {
    return this.previous
      ? { ...this.previous, revision: generationRevision(this.previous.number) }
      : this.newest;
  }

  /** What `join` makes of all valid generations, newest first. */
  public all<T>(join: (values: readonly string[]) => T): {
    readonly value: pulumi.Output<T>;
    readonly revision: string;
  } {
    const valid = this.previous ? [this.newest, this.previous] : [this.newest];
    return {
      value: pulumi.all(valid.map(({ value }) => value)).apply(join),
      revision: this.previous ? valid.map(({ number }) => number).join("+") : this.newest.revision,
    };
  }
}

function generationRevision(generation: number): string {
  return generation === 0 ? "" : String(generation);
}

function password(
  name: string,
  { length, mixed }: SecretSpec,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const classes = mixed ? { minLower: 1, minUpper: 1, minNumeric: 1 } : {};
  return new random.RandomPassword(name, { length, special: false, ...classes }, opts).result;
}
