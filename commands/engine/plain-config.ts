import { parse } from "yaml";

/** Stands for an encrypted value, which only the stack's own backend can decrypt. */
const STAND_IN = "https://secret.invalid/";

/** Configuration of one stack as its `Pulumi.<stack>.yaml` has it. */
export interface PlainConfig {
  /** By `<project>:<key>`. */
  readonly plain: Record<string, unknown>;
  /** What is encrypted, with stand-ins for that; JSON where it is no text. */
  readonly secrets: Readonly<Record<string, string>>;
}

/** Reads the text of a `Pulumi.<stack>.yaml`. */
export function plainConfig(text: string): PlainConfig {
  const { config } = (parse(text) ?? {}) as { config?: Record<string, unknown> };
  const entries = Object.entries(config ?? {});
  return {
    plain: Object.fromEntries(entries.filter(([, value]) => !isEncrypted(value))),
    secrets: Object.fromEntries(
      entries
        .filter(([, value]) => isEncrypted(value))
        .map(([key, value]) => {
          const standIn = withStandIns(value);
          return [key, typeof standIn === "string" ? standIn : JSON.stringify(standIn)];
        }),
    ),
  };
}

/** Whether a value, or any part of it, is encrypted. */
function isEncrypted(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return "secure" in value || Object.values(value).some(isEncrypted);
}

/** A value with a stand-in for each part that is encrypted. */
function withStandIns(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if ("secure" in value) return STAND_IN;
  if (Array.isArray(value)) return value.map(withStandIns);
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, withStandIns(inner)]),
  );
}
