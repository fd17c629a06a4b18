import { join } from "node:path";
import { clonePath } from "../local/paths.ts";
import { interleaved, measure, median, report, round } from "./measure.ts";

// `npm run up` on a running stack without changes, against plain `pulumi up` of the same stack.
const node = process.execPath;
const run = join(clonePath, "commands", "run.js");
const { a, b } = await interleaved(
  5,
  async () => (await measure(node, [run, "up"])).seconds,
  async () =>
    (await measure(node, [run, "pulumi", "up", "--yes", "--skip-preview", "--stack", "dev"]))
      .seconds,
);
report("up-unchanged", {
  upSeconds: median(a),
  pulumiUpSeconds: median(b),
  ratio: round(median(a) / median(b)),
  pairs: a.length,
});
