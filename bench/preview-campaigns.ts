import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { stringify } from "yaml";
import { engineEnvironment } from "../commands/engine/environment.ts";
import { clonePath } from "../local/paths.ts";
import { lineProgress } from "../local/progress.ts";
import { resolveToolchain } from "../local/toolchain/toolchain.ts";
import { webCampaign } from "../tests/services/worker/campaigns/web-campaign.ts";
import { interleaved, measure, median, report, round, type Run } from "./measure.ts";

// Preview of a program that reads, checks and declares 1,000 campaigns, against the same with 10, by the engine and the
// Kubernetes provider without a cluster.
const MANY = 1000;
const FEW = 10;

const folder = mkdtempSync(join(tmpdir(), "marketing-stack-bench-"));
try {
  const environment = {
    ...engineEnvironment(await resolveToolchain(lineProgress())),
    PULUMI_BACKEND_URL: `file://${join(folder, "backend")}`,
  };
  mkdirSync(join(folder, "backend"));
  writeFileSync(join(folder, "Pulumi.yaml"), "name: campaigns\nruntime: nodejs\n");
  writeFileSync(
    join(folder, "package.json"),
    '{"name":"campaigns","version":"1.0.0","main":"index.js"}\n',
  );
  symlinkSync(join(clonePath, "node_modules"), join(folder, "node_modules"));
  symlinkSync(join(clonePath, "charts"), join(folder, "charts"));
  const stack = async (count: number): Promise<() => Promise<Run>> => {
    const campaigns = join(folder, `campaigns-${count}`);
    mkdirSync(campaigns);
    for (let index = 0; index < count; index += 1) {
      writeFileSync(join(campaigns, `sale-${index}.yaml`), stringify(webCampaign()));
    }
    const name = `with-${count}`;
    await measure("pulumi", ["stack", "init", name, "--non-interactive"], {
      cwd: folder,
      environment,
    });
    return () =>
      measure("pulumi", ["preview", "--non-interactive", "--stack", name], {
        cwd: folder,
        environment: { ...environment, CAMPAIGNS: campaigns },
      });
  };
  buildSync({
    stdin: {
      contents: `
        import * as k8s from "@pulumi/kubernetes";
        import { Campaigns } from "./infra/campaigns.ts";
        import { readCampaigns } from "./stacks/campaigns/read.ts";
        const provider = new k8s.Provider("kubernetes", { renderYamlToDirectory: process.env.CAMPAIGNS + "-rendered" });
        new Campaigns("campaigns", { namespace: "dev", campaigns: readCampaigns(process.env.CAMPAIGNS) }, { provider });`,
      resolveDir: clonePath,
      loader: "ts",
    },
    bundle: true,
    platform: "node",
    format: "cjs",
    external: ["@pulumi/*"],
    outfile: join(folder, "index.js"),
  });
  const few = await stack(FEW);
  const many = await stack(MANY);
  const { a, b } = await interleaved(3, many, few);
  const seconds = {
    many: median(a.map((run) => run.seconds)),
    few: median(b.map((run) => run.seconds)),
  };
  report("preview-campaigns", {
    [`seconds${MANY}`]: seconds.many,
    [`seconds${FEW}`]: seconds.few,
    ratio: round(seconds.many / seconds.few),
    [`peakMib${MANY}`]: median(a.map((run) => run.peakMib)),
    [`peakMib${FEW}`]: median(b.map((run) => run.peakMib)),
    millisecondsACampaign: round(((seconds.many - seconds.few) * 1000) / (MANY - FEW)),
    pairs: a.length,
  });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
