import { spawnSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { programConfig } from "../commands/mocks/config.ts";
import { clonePath } from "../local/paths.ts";
import { interleaved, median, report, round } from "./measure.ts";

// The program part of a preview of dev, from the start of its process until everything is registered (with the SDK's mocks
// in place of the engine): by stacks/entry.js, against Pulumi's default loader of the same TypeScript, which checks types
// with ts-node. The platform has to run.

/** A copy of the program that the default loader takes: CommonJS, without extensions in its imports. */
const copy = mkdtempSync(join(tmpdir(), "marketing-stack-bench-"));
for (const room of ["infra", "stacks", "alerts", "charts", "services"]) {
  cpSync(join(clonePath, room), join(copy, room), {
    recursive: true,
    filter: (path) => !path.includes("node_modules"),
  });
}
for (const room of ["infra", "stacks", "stacks/platforms"]) {
  for (const name of readdirSync(join(copy, room)).filter((file) => file.endsWith(".ts"))) {
    const path = join(copy, room, name);
    writeFileSync(path, readFileSync(path, "utf8").replace(/from "(\..*?)\.ts"/g, 'from "$1"'));
  }
}
symlinkSync(join(clonePath, "node_modules"), join(copy, "node_modules"));
writeFileSync(join(copy, "package.json"), '{"name":"copy","version":"1.0.0"}');
writeFileSync(
  join(copy, "tsconfig.json"),
  JSON.stringify({
    compilerOptions: { strict: true, skipLibCheck: true, types: ["node"], lib: ["es2023"] },
  }),
);
mkdirSync(join(copy, "releases"));

const config = programConfig(
  readFileSync(join(clonePath, "Pulumi.yaml"), "utf8"),
  readFileSync(join(clonePath, "Pulumi.dev.yaml"), "utf8"),
);

const prelude = `
require("source-map-support/register");
const pulumi = require("@pulumi/pulumi");
const newResource = ({ type, name, inputs }) => ({
  id: name,
  state: type === "random:index/randomPassword:RandomPassword" ? { result: "generated" } : inputs,
});
`;
const afterwards = `
  await pulumi.runtime.disconnect();
  console.log(JSON.stringify({ mib: process.resourceUsage().maxRSS / 1024 }));
`;
const mocks = `await pulumi.runtime.setMocks({ newResource, call: () => ({}) }, "marketing-stack", "dev");`;

/** Loads the program as plain \`pulumi\` does here. */
const ours = `${prelude}(async () => { ${mocks} await import(${JSON.stringify(join(clonePath, "stacks/entry.js"))}); ${afterwards} })();`;

/** Loads the copy as the language host does without \`typescript: false\`. */
const byDefault = `${prelude}
const { tsnodeRequire, typescriptRequire } = require("@pulumi/pulumi/tsutils").typeScriptRequireStrings();
require(tsnodeRequire).register({
  typeCheck: true,
  skipProject: false,
  compiler: typescriptRequire,
  compilerOptions: { target: "ES2020", module: "nodenext", moduleResolution: "nodenext", sourceMap: "true", strict: true, skipLibCheck: true, types: ["node"], lib: ["es2023"] },
});
(async () => { ${mocks} require("./stacks/index.ts"); ${afterwards} })();`;

/** Whether caches are there: of compiled code (Node's) and of compiled TypeScript (ts-node's); none is on a new CI runner. */
type Caches = "warm" | "cold";

function run(script: string, cwd: string, caches: Caches): { seconds: number; mib: number } {
  const folder = caches === "warm" ? copy : mkdtempSync(join(copy, "cold-"));
  const begun = performance.now();
  const { stdout, stderr, status } = spawnSync(process.execPath, ["--eval", script], {
    encoding: "utf8",
    cwd,
    env: {
      ...process.env,
      PULUMI_NODEJS_PROJECT: "marketing-stack",
      PULUMI_NODEJS_STACK: "dev",
      PULUMI_CONFIG: JSON.stringify(config.values),
      NODE_COMPILE_CACHE: join(folder, "compiled"),
      TMPDIR: folder,
    },
  });
  if (status !== 0) throw new Error(stderr.slice(-3000));
  const seconds = (performance.now() - begun) / 1000;
  return { seconds, mib: (JSON.parse(stdout.trim().split("\n").at(-1)!) as { mib: number }).mib };
}

try {
  for (const caches of ["warm", "cold"] as const) {
    const { a, b } = await interleaved(
      5,
      async () => run(ours, clonePath, caches),
      async () => run(byDefault, copy, caches),
    );
    const seconds = median(a.map((one) => one.seconds));
    const defaultSeconds = median(b.map((one) => one.seconds));
    const mib = median(a.map((one) => one.mib));
    const defaultMib = median(b.map((one) => one.mib));
    report("program", {
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
} finally {
  rmSync(copy, { recursive: true, force: true });
}
