import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { clonePath } from "../../local/paths.ts";
import type { Release } from "../../stacks/releases.ts";

/** How many commits are named. */
const MOST = 20;

/** Files that are read by people who have to agree: which of them changed is named. */
const NAMED = ["alerts", "campaigns"];

/**
 * The commits that come with a release, newest first, and which alerts and campaigns they change, one a line.
 *
 * Where this clone has not both commits, that is the only line.
 */
export async function commitsBetween(from: Release, to: Release): Promise<string[]> {
  if (from.commit === to.commit) return [];
  const range = `${from.commit}..${to.commit}`;
  try {
    const titles = await gitLines("log", "--format=%h %s", `--max-count=${MOST + 1}`, range);
    const back = await gitLines("rev-list", "--count", `${to.commit}..${from.commit}`);
    const files = await gitLines("diff", "--name-status", from.commit, to.commit, "--", ...NAMED);
    return [
      ...titles.slice(0, MOST).map((title) => `+ ${title}`),
      ...(titles.length > MOST ? ["+ … and more"] : []),
      ...(back[0] === "0" ? [] : [`- ${back[0]} commits that ran before are not in it`]),
      ...files.map((file) => file.replace("\t", " ")),
    ].map(printable);
  } catch {
    return [`commits ${range}: not in this clone; git fetch brings them`];
  }
}

/** When a commit was made; undefined if this clone does not have it. */
export async function committedAt(commit: string): Promise<Date | undefined> {
  const [time] = await gitLines("show", "--no-patch", "--format=%cI", commit).catch(() => []);
  return time === undefined ? undefined : new Date(time);
}

async function gitLines(...args: string[]): Promise<string[]> {
  const { stdout } = await promisify(execFile)("git", args, { cwd: clonePath });
  return stdout.split("\n").filter((line) => line !== "");
}

/** A commit's title may hold what moves a terminal's cursor. */
function printable(text: string): string {
  return text.replace(/[^\P{C}\t]/gu, "�");
}
