import { execFileSync, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { buildEnvironment } from "./recipe.ts";

/** Oldest Go that the recipes compile with: its minor version. */
const OLDEST = 26;

/** How many of a failed run's last lines its error shows. */
const SHOWN_LINES = 20;

/** Where Go's own installer puts it, which is often not on PATH. */
const INSTALLED = "/usr/local/go/bin/go";

/** A Go compiler that is new enough. */
export interface Go {
  readonly path: string;
  /** As Go prints it: "go1.26.8". */
  readonly version: string;
}

/**
 * The machine's Go: the one on PATH, or where its installer puts it.
 *
 * @throws Error if there is none or if it is too old, with the remedy.
 */
export function requireGo(candidates: readonly string[] = ["go", INSTALLED]): Go {
  const found = candidates.map((path) => ({ path, version: goVersion(path) }));
  const good = found.find(({ version }) => version && isNewEnough(version));
  if (good) return { path: good.path, version: good.version! };
  const old = found.find(({ version }) => version);
  throw new Error(
    `go must be 1.${OLDEST} or newer to build the toolchain, got ${old ? `${old.version} (${old.path})` : "none"}; ` +
      `install Go 1.${OLDEST}, or set TOOLCHAIN_MIRROR to a folder or URL that "npm run toolchain -- --export DIR" filled`,
  );
}

function goVersion(path: string): string | undefined {
  try {
    return execFileSync(path, ["env", "GOVERSION"], {
      encoding: "utf8",
      env: { ...process.env, GOTOOLCHAIN: "local" },
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
  } catch {
    return undefined;
  }
}

function isNewEnough(version: string): boolean {
  const [, major, minor] = /^go(\d+)\.(\d+)/.exec(version) ?? [];
  return Number(major) > 1 || (Number(major) === 1 && Number(minor) >= OLDEST);
}

/** One run of the Go command. */
export interface GoRun {
  readonly folder: string;
  readonly arguments: readonly string[];
  /** Existing folder for Go's temporary files. */
  readonly temporary: string;
  /** Called with each line of standard error: what is downloaded, what is compiled. */
  readonly onLine: (line: string) => void;
}

/**
 * Runs Go and returns its standard output.
 *
 * Go ends with this process, also when this process is killed.
 *
 * @throws Error with the last lines of what Go said if it fails.
 */
export async function runGo(go: Go, run: GoRun): Promise<string> {
  const child = spawn("setpriv", ["--pdeathsig", "INT", go.path, ...run.arguments], {
    cwd: run.folder,
    env: { ...process.env, ...buildEnvironment, GOTMPDIR: run.temporary },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const last: string[] = [];
  createInterface({ input: child.stderr }).on("line", (line) => {
    last.push(line);
    if (last.length > SHOWN_LINES) last.shift();
    run.onLine(line);
  });
  const output: Buffer[] = [];
  child.stdout.on("data", (data: Buffer) => output.push(data));
  const status = await new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve(signal ?? code));
  });
  if (status !== 0) {
    throw new Error(
      `go ${run.arguments[0]} must succeed, got status ${status}; it can be run again and goes on where it was:\n${last.join("\n")}`,
    );
  }
  return Buffer.concat(output).toString("utf8");
}
