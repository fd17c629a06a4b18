import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { engineEnvironment } from "../commands/engine/environment.ts";
import { clonePath } from "../local/paths.ts";
import { lineProgress } from "../local/progress.ts";
import { resolveToolchain } from "../local/toolchain/toolchain.ts";
import { interleaved, measure, median, report, round, type Run } from "./measure.ts";

// Preview of the unchanged dev stack, and of prod offline, against the preview of an empty program on the same engine.
const environment = engineEnvironment(await resolveToolchain(lineProgress()));
const empty = mkdtempSync(join(tmpdir(), "marketing-stack-bench-"));
try {
  writeFileSync(join(empty, "Pulumi.yaml"), "name: empty\nruntime: nodejs\n");
  writeFileSync(
    join(empty, "package.json"),
    '{"name":"empty","version":"1.0.0","main":"index.js"}\n',
  );
  writeFileSync(join(empty, "index.js"), "");
  symlinkSync(join(clonePath, "node_modules"), join(empty, "node_modules"));
  const backend = join(empty, "backend");
  mkdirSync(backend);
  const emptyEnvironment = { ...environment, PULUMI_BACKEND_URL: `file://${backend}` };
  await measure("pulumi", ["stack", "init", "empty", "--non-interactive"], {
    cwd: empty,
    environment: emptyEnvironment,
  });
  const preview = (stack: string): string[] => ["preview", "--non-interactive", "--stack", stack];
  const { a, b } = await interleaved(
    5,
    () => measure("pulumi", preview("dev"), { environment }),
    () => measure("pulumi", preview("empty"), { cwd: empty, environment: emptyEnvironment }),
  );
  const seconds = {
    dev: median(a.map((run) => run.seconds)),
    empty: median(b.map((run) => run.seconds)),
  };
  const prod: Run[] = [];
  for (let index = 0; index < 3; index += 1) {
    const run = join(clonePath, "commands", "run.js");
    prod.push(await measure(process.execPath, [run, "preview", "--stack", "prod"]));
  }
  const log = join(empty, "calls.json");
  await measure("pulumi", preview("dev"), {
    environment: { ...environment, PULUMI_DEBUG_GRPC: log },
  });
  const answered = readFileSync(log, "utf8")
    .split("\n")
    .filter((line) => line.includes('"response_completed"'));
  const resources = answered.filter((line) => line.includes('ResourceMonitor/RegisterResource"'));
  report("preview", {
    devSeconds: seconds.dev,
    emptySeconds: seconds.empty,
    ratio: round(seconds.dev / seconds.empty),
    devPeakMib: median(a.map((run) => run.peakMib)),
    emptyPeakMib: median(b.map((run) => run.peakMib)),
    prodSeconds: median(prod.map((run) => run.seconds)),
    prodPeakMib: median(prod.map((run) => run.peakMib)),
    callsPerResource: round(answered.length / resources.length),
    pairs: a.length,
  });
} finally {
  rmSync(empty, { recursive: true, force: true });
}
