import { pulumiOutput } from "./pulumi.ts";
import { redactor } from "../digest/redactor.ts";

/** Key by which the engine marks what is no plain value, with the mark of a secret. */
const MARK = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

/** Takes every secret of a stack's configuration and state, and what is commonly made of one, out of a text. */
export async function redactorOf(
  stack: string,
  environment: Record<string, string>,
): Promise<(text: string) => string> {
  const [config, state] = await Promise.all([
    pulumiOutput(["config", "--show-secrets", "--json", "--stack", stack], environment),
    pulumiOutput(["stack", "export", "--show-secrets", "--stack", stack], environment),
  ]);
  const keys = JSON.parse(config) as Record<string, { value?: string; secret: boolean }>;
  const inConfig = Object.values(keys).flatMap(({ value, secret }) =>
    secret && value !== undefined ? [value] : [],
  );
  return redactor([...inConfig, ...secretStrings(JSON.parse(state))]);
}

/** Every string inside a secret of a state that was exported with its secrets shown. */
export function secretStrings(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  const fields = value as Record<string, unknown>;
  if (fields[MARK] === SECRET && typeof fields.plaintext === "string") {
    return strings(JSON.parse(fields.plaintext));
  }
  return Object.values(fields).flatMap(secretStrings);
}

function strings(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).flatMap(strings);
}
