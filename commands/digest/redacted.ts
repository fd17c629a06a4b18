import type { Digest } from "./digest.ts";

/** The digest with `redact` applied to all that is free text: what the engine, a provider or a policy says. */
export function redacted(digest: Digest, redact: (text: string) => string): Digest {
  const clean = <T extends { readonly message: string }>(entry: T): T => ({
    ...entry,
    message: redact(entry.message),
  });
  return {
    ...digest,
    errors: digest.errors.map(clean),
    violations: digest.violations.map(clean),
  };
}
