import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { prometheusForm } from "./prometheus-form.ts";

/** Says what is wrong with a PromQL expression, or with labels that may be templates; nothing if all is right. */
export type CheckPromql = (
  query: string,
  labels?: Readonly<Record<string, string>>,
) => Promise<string | undefined>;

/** How long one check may take, in milliseconds. */
const TIMEOUT = 20_000;

/** Checks an expression with `promtool check rules`, in a rule file of one rule. */
export const checkWithPromtool: CheckPromql = async (query, labels = {}) => {
  const folder = await mkdtemp(join(tmpdir(), "promql-"));
  try {
    const path = join(folder, "rule.json");
    const rules = [{ alert: "Query", expr: prometheusForm(query), labels }];
    await writeFile(path, JSON.stringify({ groups: [{ name: "query", rules }] }));
    return await problemIn(path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

async function problemIn(path: string): Promise<string | undefined> {
  try {
    await promisify(execFile)("promtool", ["check", "rules", path], { timeout: TIMEOUT });
    return undefined;
  } catch (error) {
    const { stderr = "", message } = error as Error & { stderr?: string };
    return (/could not parse expression: ([^]*)/.exec(stderr)?.[1] ?? (stderr || message)).trim();
  }
}

/** Version of promtool on PATH, or nothing if there is none. */
export async function promtoolVersion(): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)("promtool", ["--version"]);
    return /version (\S+)/.exec(stdout)?.[1];
  } catch {
    return undefined;
  }
}
