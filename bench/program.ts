import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { programConfig } from "../commands/mocks/config.ts";
import { clonePath } from "../local/paths.ts";
import { interleaved, median, report, round } from "./measure.ts";
import { copyOfProgram } from "./program/copy.ts";

// The program part of a preview of dev and of prod with a release, from the start of its process until everything is
// registered (with the SDK's mocks in place of the engine): by stacks/entry.js, against Pulumi's default loader of the same
// TypeScript, which checks types with ts-node. For dev the platform has to run.

/** Whether caches are there: of compiled code (Node's) and of compiled TypeScript (ts-node's); none is on a new CI runner. */
type Caches = "warm" | "cold";

const folder = mkdtempSync(join(tmpdir(), "marketing-stack-bench-"));

/** A process that loads the program by `load` and ends when all is registered. */
function script(stack: string, load: string): string {
  return `
require("source-map-support/register");
const pulumi = require("@pulumi/pulumi");
const { standIns } = require("./stand-ins.cjs");
const newResource = (args) => ({ id: args.name, state: { ...args.inputs, ...standIns(args) } });
(async () => {
  await pulumi.runtime.setMocks({ newResource, call: () => ({}) }, "marketing-stack", ${JSON.stringify(stack)});
  ${load}
  await pulumi.runtime.disconnect();
  console.log(JSON.stringify({ mib: process.resourceUsage().maxRSS / 1024 }));
})();`;
}

/** As plain \`pulumi\` does here. */
const byEntry = `await import(process.cwd() + "/stacks/entry.js");`;

/** As the language host does without \`typescript: false\`. */
const byDefault = `
  const { tsnodeRequire, typescriptRequire } = require("@pulumi/pulumi/tsutils").typeScriptRequireStrings();
  require(tsnodeRequire).register({
    typeCheck: true,
    skipProject: false,
    compiler: typescriptRequire,
    compilerOptions: { target: "ES2020", module: "nodenext", moduleResolution: "nodenext", sourceMap: "true", strict: true, skipLibCheck: true, types: ["node"], lib: ["es2023"] },
  });
  require("./stacks/index.ts");`;

function run(
  stack: string,
  { load, cwd, caches }: { load: string; cwd: string; caches: Caches },
): { seconds: number; mib: number } {
  const cache = caches === "warm" ? folder : mkdtempSync(join(folder, "cold-"));
  const config = programConfig(
    readFileSync(join(clonePath, "Pulumi.yaml"), "utf8"),
    readFileSync(join(clonePath, `Pulumi.${stack}.yaml`), "utf8"),
  );
  const begun = performance.now();
  const { stdout, stderr, status } = spawnSync(process.execPath, ["--eval", script(stack, load)], {
    encoding: "utf8",
    cwd,
    env: {
      ...process.env,
      PULUMI_NODEJS_PROJECT: "marketing-stack",
      PULUMI_NODEJS_STACK: stack,
      PULUMI_CONFIG: JSON.stringify(config.values),
      NODE_COMPILE_CACHE: join(cache, "compiled"),
      TMPDIR: cache,
    },
  });
  if (status !== 0) throw new Error(stderr.slice(-3000));
  const seconds = (performance.now() - begun) / 1000;
  return { seconds, mib: (JSON.parse(stdout.trim().split("\n").at(-1)!) as { mib: number }).mib };
}

try {
  const ours = copyOfProgram(join(folder, "entry"), { forDefaultLoader: false });
  const theirs = copyOfProgram(join(folder, "default"), { forDefaultLoader: true });
  for (const stack of ["dev", "prod"]) {
    for (const caches of ["warm", "cold"] as const) {
      const { a, b } = await interleaved(
        5,
        async () => run(stack, { load: byEntry, cwd: ours, caches }),
        async () => run(stack, { load: byDefault, cwd: theirs, caches }),
      );
      const seconds = median(a.map((one) => one.seconds));
      const defaultSeconds = median(b.map((one) => one.seconds));
      const mib = median(a.map((one) => one.mib));
      const defaultMib = median(b.map((one) => one.mib));
      report("program", {
        stack,
        caches,
        seconds: round(seconds),
        defaultSeconds: round(defaultSeconds),
        timeRatio: round(seconds / defaultSeconds),
        mib: Math.round(mib),
        defaultMib: Math.round(defaultMib),
        memoryRatio: round(mib / defaultMib),
        pairs: a.length,
      });
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
