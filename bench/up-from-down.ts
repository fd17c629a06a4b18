import { join } from "node:path";
import { clonePath } from "../local/paths.ts";
import { measure, median, report } from "./measure.ts";

// `npm run up` after `npm run down`, everything cached.
const run = join(clonePath, "commands", "run.js");
const down: number[] = [];
const up: number[] = [];
for (let round = 0; round < 3; round += 1) {
  down.push((await measure(process.execPath, [run, "down"])).seconds);
  up.push((await measure(process.execPath, [run, "up"])).seconds);
}
report("up-from-down", { upSeconds: median(up), downSeconds: median(down), runs: up.length });
