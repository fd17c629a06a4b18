import { spawnSync } from "node:child_process";
import { clonePath } from "../local/paths.ts";
import { interleaved, median, report, round } from "./measure.ts";

// 1,000 resources declared as stacks/entry.js lets a program declare them, against a plain loop of the same calls: the
// same process as the language host's, with the SDK's mocks in place of the engine.
const program = (isOurs: boolean): string => `
import { createRequire } from "node:module";
const require = createRequire(${JSON.stringify(`${clonePath}/`)});
require("source-map-support/register");
const pulumi = require("@pulumi/pulumi");
const random = require("@pulumi/random");
${isOurs ? `(await import(${JSON.stringify(`file://${clonePath}/stacks/traces.js`)})).traceOnlyErrorsThatSaySomething();` : ""}
const newResource = ({ name, inputs }) => ({ id: name, state: inputs });
await pulumi.runtime.setMocks({ newResource, call: () => ({}) }, "bench", "bench");
const begun = performance.now();
for (let i = 0; i < 1000; i += 1) new random.RandomPassword(\`password-\${i}\`, { length: 10 });
await pulumi.runtime.disconnect();
const mib = process.resourceUsage().maxRSS / 1024;
console.log(JSON.stringify({ seconds: (performance.now() - begun) / 1000, mib }));
`;

function run(isOurs: boolean): { seconds: number; mib: number } {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ["--input-type=module", "--eval", program(isOurs)],
    { encoding: "utf8", cwd: clonePath },
  );
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as { seconds: number; mib: number };
}

const { a, b } = await interleaved(
  5,
  async () => run(true),
  async () => run(false),
);
const ours = median(a.map(({ seconds }) => seconds));
const plain = median(b.map(({ seconds }) => seconds));
report("resources", {
  resources: 1000,
  seconds: round(ours),
  plainSeconds: round(plain),
  ratio: round(ours / plain),
  mib: Math.round(median(a.map(({ mib }) => mib))),
  plainMib: Math.round(median(b.map(({ mib }) => mib))),
  pairs: a.length,
});
