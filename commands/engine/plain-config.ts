import { parse } from "yaml";

/** Stands for an encrypted value, which only the stack's own backend can decrypt. */
export const STAND_IN = "https://secret.invalid/";

/** Configuration of one stack as its `Pulumi.<stack>.yaml` has it. */
export interface PlainConfig {
  /** By `<project>:<key>`. */
  readonly plain: Record<string, unknown>;
  /** Keys of what is encrypted. */
  readonly secrets: string[];
}

/** Reads the text of a `Pulumi.<stack>.yaml`. */
export function plainConfig(text: string): PlainConfig {
  const { config } = (parse(text) ?? {}) as { config?: Record<string, unknown> };
  const entries = Object.entries(config ?? {});
  return {
    plain: Object.fromEntries(entries.filter(([, value]) => !isEncrypted(value))),
    secrets: entries.filter(([, value]) => isEncrypted(value)).map(([key]) => key),
  };
}

/** Whether a value, or any part of it, is encrypted. */
function isEncrypted(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return "secure" in value || Object.values(value).some(isEncrypted);
}
