import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import jsonata from "jsonata";
import { parseDocument } from "yaml";
import { exactJson } from "../../services/collector/dialects/exact-json.ts";

/** What makes events of the bad rows of one cause: a file in `repairs/`. */
export interface Mapping {
  readonly path: string;
  /** Name of the file and digest of its content: what a replay is recorded under. */
  readonly name: string;
  /** Dialect of the rows that it is for; empty for those that broke after they were decoded. */
  readonly dialect: string;
  /** Their reason up to what they got, as `npm run bad-rows -- list` groups them. */
  readonly cause: string;
  /** Source of the rows. @default - any */
  readonly source: string | undefined;
  /** What should have been sent in place of a row's bytes; null to drop the row, undefined if it makes nothing of them. */
  apply(raw: Buffer): Promise<unknown>;
}

/** Where mappings lie. */
const FOLDER = "repairs";

/** All mappings, or those in `paths`. @throws Error naming all mistakes of all files. */
export function readMappings(paths: readonly string[]): Mapping[] {
  const files = paths.length > 0 ? paths : mappingFiles();
  const problems: string[] = [];
  const mappings = files.map((path) => readMapping(path, problems));
  if (problems.length > 0) throw new Error(problems.join("\n"));
  return mappings;
}

/**
 * Refuses mappings that are not in Git as they are: what was done to events has to be found again.
 *
 * @throws Error naming those that differ.
 */
export function requireCommitted(mappings: readonly Mapping[]): void {
  const paths = mappings.map(({ path }) => path);
  if (paths.length === 0) return;
  const git = (...args: string[]): string =>
    execFileSync("git", args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  const changed = git("status", "--porcelain", "--ignored", "--", ...paths).trim();
  if (changed !== "") {
    throw new Error(
      `mappings must be committed before rows are replayed, got ${JSON.stringify(changed)}; commit them, or look with --dry-run`,
    );
  }
}

function mappingFiles(): string[] {
  if (!existsSync(FOLDER)) return [];
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith(".yaml"))
    .sort()
    .map((name) => join(FOLDER, name));
}

function readMapping(path: string, problems: string[]): Mapping {
  const content = readFileSync(path, "utf8");
  const document = parseDocument(content);
  const note = (field: string, rule: string, value: unknown): void => {
    problems.push(`${path}: ${field} must ${rule}, got ${JSON.stringify(value) ?? "nothing"}`);
  };
  for (const error of document.errors) problems.push(`${path}: ${error.message.split("\n")[0]}`);
  const fields = (document.errors.length === 0 ? document.toJS() : {}) as Record<string, unknown>;
  const { dialect, cause, source, event, ...unknown } = fields ?? {};
  for (const field of Object.keys(unknown)) {
    problems.push(
      `${path}: fields must be of dialect, cause, source, event, got ${JSON.stringify(field)}`,
    );
  }
  if (typeof dialect !== "string") note("dialect", "be a text", dialect);
  if (typeof cause !== "string" || cause === "") note("cause", "be a text", cause);
  if (source !== undefined && typeof source !== "string") note("source", "be a text", source);
  let expression: jsonata.Expression | undefined;
  try {
    expression = jsonata(String(event ?? ""));
  } catch (error) {
    const { message, position } = error as { message: string; position?: number };
    note("event", `be a JSONata expression (${message} at ${position ?? 0})`, event);
  }
  const digest = createHash("sha256").update(content).digest("hex").slice(0, 12);
  return {
    path,
    name: `${basename(path, ".yaml")}@${digest}`,
    dialect: String(dialect),
    cause: String(cause),
    source: source as string | undefined,
    apply: async (raw) => {
      const made: unknown = await expression!.evaluate(valueOf(raw));
      // Lists of JSONata carry properties of their own.
      return made === undefined ? undefined : JSON.parse(JSON.stringify(made));
    },
  };
}

/** The JSON value in a row's bytes, as the collector reads it, or else their text. */
function valueOf(raw: Buffer): unknown {
  try {
    return exactJson(raw);
  } catch {
    return raw.toString();
  }
}
