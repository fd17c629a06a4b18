import { createHash } from "node:crypto";
import type { Change } from "./digest.ts";

/** Key by which the engine marks what is no plain value, with the mark of a secret. */
const MARK = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

/** SHA-256 of a resource's inputs as the engine's events carry them; nothing of a secret goes into it. */
export function digestOfInputs(inputs: unknown): string {
  return sha256(withoutSecrets(inputs));
}

/** SHA-256 of what happens to a stack. */
export function fingerprintOf(stack: string, changes: readonly Change[]): string {
  return sha256([stack, changes]);
}

/** The value with nothing but its mark left of each secret. */
export function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (typeof value !== "object" || value === null) return value;
  const fields = value as Record<string, unknown>;
  if (fields[MARK] === SECRET) return { [MARK]: SECRET };
  return Object.fromEntries(
    Object.entries(fields).map(([key, inner]) => [key, withoutSecrets(inner)]),
  );
}

function sha256(value: unknown): string {
  return createHash("sha256")
    .update(JSON.stringify(sorted(value)))
    .digest("hex");
}

/** The value with the keys of each object in order: equal values have equal JSON. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}
