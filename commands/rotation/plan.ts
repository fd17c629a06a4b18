import type { Generations, SecretSpec } from "../../infra/generated-secret.ts";

/** What a rotation is planned from. */
export interface RotationRequest {
  /** Names of the secrets, at least one. */
  readonly names: readonly string[];
  /** All secrets that the stack generates. */
  readonly secrets: Readonly<Record<string, SecretSpec>>;
  /** Generations that the stack's file declares. */
  readonly declared: Generations;
  /** Whether to end what is still accepted of secrets that were handed out, instead of generating new ones. */
  readonly retire: boolean;
}

/**
 * Generations to declare, one update after the other: first both are valid, then the newest only. Of what was handed
 * out, both stay valid until somebody retires the former one. A rotation that was interrupted goes on where it stopped.
 *
 * @throws Error naming what is unknown, or cannot be rotated or retired now.
 */
export function rotationUpdates(request: RotationRequest): readonly Generations[] {
  const { names, secrets, declared, retire } = request;
  const first: Record<string, readonly number[]> = {};
  const second: Record<string, readonly number[]> = {};
  for (const name of names) {
    const spec = secrets[name];
    if (!spec) {
      throw new Error(
        `the secret must be one of ${Object.keys(secrets).join(", ")}, got ${JSON.stringify(name)}; npm run rotate says what each is for`,
      );
    }
    const [newest = 0, previous] = declared[name] ?? [0];
    if (retire) {
      requireRetirable(name, spec, previous);
      second[name] = [newest];
    } else if (previous === undefined) {
      first[name] = [newest + 1, newest];
      if (!spec.handedOut) second[name] = [newest + 1];
    } else {
      requireNotHandedOut(name, spec);
      first[name] = [newest, previous];
      second[name] = [newest];
    }
  }
  return [first, second].filter((update) => Object.keys(update).length > 0);
}

function requireRetirable(name: string, spec: SecretSpec, previous: number | undefined): void {
  if (!spec.handedOut) {
    throw new Error(
      `--retire must be asked for write keys, got ${name}, whose former value ends with each rotation; leave --retire out`,
    );
  }
  if (previous === undefined) {
    throw new Error(
      `${name} must have a former value to retire, and only one is valid; npm run rotate -- ${name} makes a new one`,
    );
  }
}

function requireNotHandedOut(name: string, { handedOut }: SecretSpec): void {
  if (!handedOut) return;
  throw new Error(
    `the former value of ${name} must be retired before the next rotation, and is still valid; npm run rotate -- ${name} --retire ends it (npm run up finishes a rotation that was interrupted)`,
  );
}
