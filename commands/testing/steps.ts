import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { clonePath } from "../../local/paths.ts";

/** One tool of the test suite, run from `node_modules/.bin` in the clone. */
export interface Step {
  readonly title: string;
  readonly tool: "tsc" | "eslint" | "prettier" | "jest";
  readonly args: readonly string[];
}

/** What a step found: tests for jest, one check for the others. */
export interface Count {
  readonly passed: number;
  readonly failed: number;
}

/** Types, lint, format and unit tests: the fast loop. */
export const fastSteps: readonly Step[] = [
  { title: "types", tool: "tsc", args: ["-p", "tsconfig.json"] },
  {
    title: "lint",
    tool: "eslint",
    args: ["--cache", "--cache-location", "node_modules/.cache/eslint", "."],
  },
  { title: "format", tool: "prettier", args: ["--check", "--log-level=warn", "--cache", "."] },
  { title: "unit tests", tool: "jest", args: ["--selectProjects", "unit", "--maxWorkers=2"] },
];

/** End-to-end tests on the real engine and cluster: those with stacks of their own two at a time, the others one after the other. */
export const endToEndSteps: readonly Step[] = [
  {
    title: "end-to-end tests, each alone",
    tool: "jest",
    args: ["--selectProjects", "e2e-alone", "--runInBand"],
  },
  {
    title: "end-to-end tests, side by side",
    tool: "jest",
    args: ["--selectProjects", "e2e", "--maxWorkers=2"],
  },
];

/** Faults in long runs, one after the other, on the real engine and cluster. */
export const faultStep: Step = {
  title: "faults",
  tool: "jest",
  args: ["--selectProjects", "faults", "--runInBand"],
};

/** How to run a step. */
export interface StepOptions {
  /** Paths that choose jest's test files. @default - all */
  readonly only?: readonly string[];
  /** Added to the process's own environment. */
  readonly environment?: Record<string, string>;
}

/** Runs a step with its output shown; counts a tool that reports no numbers as one check. */
export async function runStep(step: Step, options: StepOptions = {}): Promise<Count> {
  process.stdout.write(`\n── ${step.title}\n`);
  const folder = await mkdtemp(join(tmpdir(), "marketing-stack-test-"));
  try {
    const report = join(folder, "report.json");
    const only = options.only ?? [];
    const extra =
      step.tool === "jest"
        ? [
            "--json",
            `--outputFile=${report}`,
            ...(only.length > 0 ? ["--passWithNoTests", ...only] : []),
          ]
        : [];
    const code = await run(step.tool, [...step.args, ...extra], options.environment ?? {});
    if (step.tool !== "jest") return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1 };
    const found = JSON.parse(await readFile(report, "utf8").catch(() => "{}")) as JestReport;
    const failed = (found.numFailedTests ?? 0) + (found.numRuntimeErrorTestSuites ?? 0);
    return { passed: found.numPassedTests ?? 0, failed: code === 0 ? failed : Math.max(failed, 1) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The closing line of a run, `N passed, N failed`. */
export function closingLine(counts: readonly Count[]): string {
  const sum = (key: keyof Count): number => counts.reduce((total, count) => total + count[key], 0);
  return `${sum("passed")} passed, ${sum("failed")} failed`;
}

interface JestReport {
  readonly numPassedTests?: number;
  readonly numFailedTests?: number;
  readonly numRuntimeErrorTestSuites?: number;
}

function run(
  tool: string,
  args: readonly string[],
  environment: Record<string, string>,
): Promise<number> {
  const bin = join(clonePath, "node_modules", ".bin");
  const child = spawn(tool, args, {
    cwd: clonePath,
    // jest --json prints its report to standard output too; the human's report is on standard error.
    stdio: ["ignore", tool === "jest" ? "ignore" : "inherit", "inherit"],
    env: {
      ...process.env,
      ...environment,
      PATH: [bin, environment.PATH ?? process.env.PATH].join(delimiter),
    },
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code) => resolve(code ?? 1));
  });
}
