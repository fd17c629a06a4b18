import { readFile, writeFile } from "node:fs/promises";
import { redactor } from "../digest/redactor.ts";
import { pulumiOutput } from "./pulumi.ts";

/** Key by which the engine marks what is no plain value, with the mark of a secret. */
const MARK = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

/**
 * Takes every secret of a stack's configuration and state, and what is commonly made of one, out of a text.
 *
 * @param folder of the stack's configuration. @default - this clone
 * @throws Error with the CLI's output if they cannot be read; {@link leavesOut} makes a redactor of it.
 */
export async function redactorOf(
  stack: string,
  environment: Record<string, string>,
  folder?: string,
): Promise<(text: string) => string> {
  const shown = async (...args: string[]): Promise<object> =>
    JSON.parse(
      await pulumiOutput([...args, "--show-secrets", "--stack", stack], environment, folder),
    ) as object;
  const [config, state] = await Promise.all([shown("config", "--json"), shown("stack", "export")]);
  return redactor([...configSecrets(config), ...secretStrings(state)]);
}

/** A redactor for when nobody can tell what the secrets are: it leaves out the whole text, and says why. */
export function leavesOut({ message }: Error): (text: string) => string {
  return () =>
    `[left out: the secrets of the stack must be read to take them out of this, got: ${message}]`;
}

/** Rewrites a file without secrets. */
export async function redactFile(path: string, redact: (text: string) => string): Promise<void> {
  await writeFile(path, redact(await readFile(path, "utf8")));
}

/** Every string of an encrypted value of a configuration that was printed with its secrets shown. */
function configSecrets(config: object): string[] {
  const keys = Object.values(config) as {
    value?: string;
    objectValue?: unknown;
    secret?: boolean;
  }[];
  return keys
    .filter(({ secret }) => secret)
    .flatMap(({ value, objectValue }) => strings([value, objectValue]));
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
