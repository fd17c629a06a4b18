import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { campaignName } from "../stacks/campaigns/file.ts";
import { campaignFiles } from "../stacks/campaigns/folder.ts";
import { stackCluster } from "./campaign/cluster.ts";
import { holdCampaigns, holdText } from "./campaign/hold.ts";
import { funnelPicture } from "./campaign/funnel.ts";
import { lintStack } from "./campaign/lint-stack.ts";
import { lintText } from "./campaign/lint-text.ts";
import { lint } from "./campaign/lint.ts";
import { newCampaign } from "./campaign/new.ts";
import { recordedPeople } from "./campaign/recorded-people.ts";
import { runSimulation } from "./campaign/run-simulation.ts";
import { simulationText } from "./campaign/simulation-text.ts";
import { readStatus, statusText } from "./campaign/status.ts";
import { command, commandLine } from "./command.ts";

const usage =
  "campaign -- new|lint|simulate|status|pause|resume|stop [FILE…] [--all] [--stack NAME] [--json] [--people EVENTS] [--seed N] [--svg PICTURE]";

/** The stack that campaigns are held and shown of; lint asks none unless it is told one. */
const DEFAULT_STACK = "dev";

/** How a campaign is simulated. */
interface Simulated {
  /** File of recorded events. */
  readonly people?: string | undefined;
  readonly seed: string;
  /** Where the funnel's picture goes. */
  readonly svg?: string | undefined;
}

/** What came of an action: for programs, for people, and as exit code. */
interface Result {
  readonly report: object;
  readonly text: string;
  readonly code: 0 | 1;
}

/** `campaign`: writes, checks, shows and holds campaigns. */
await command(async () => {
  const { values, positionals } = commandLine({
    usage,
    options: {
      all: { type: "boolean", default: false },
      stack: { type: "string" },
      json: { type: "boolean", default: false },
      people: { type: "string" },
      seed: { type: "string", default: "1" },
      svg: { type: "string" },
    },
    positionals: 1000,
  });
  const [action = "", ...files] = positionals;
  const { report, text, code } = await run(action, files, values);
  process.stdout.write(values.json ? `${JSON.stringify(report, undefined, 2)}\n` : `${text}\n`);
  return code;
});

async function run(
  action: string,
  files: readonly string[],
  {
    all,
    stack,
    ...simulated
  }: { readonly all: boolean; readonly stack?: string | undefined } & Simulated,
): Promise<Result> {
  const names = files.map(campaignName);
  switch (action) {
    case "new": {
      if (names.length !== 1) throw wrongArguments("new", "one FILE", files);
      const path = newCampaign(names[0]!, author(), new Date());
      const text = `${path} is written; change it, then npm run campaign -- lint`;
      return { report: { path }, text, code: 0 };
    }
    case "lint": {
      const { people } = simulated;
      const report = await lint(files.length > 0 ? files : campaignFiles(), {
        now: new Date(),
        stack: stack === undefined ? undefined : lintStack(stack),
        people: people === undefined ? undefined : recordedPeople(people),
      });
      return { report, text: lintText(report), code: report.problems.length > 0 ? 1 : 0 };
    }
    case "simulate":
      return simulate(files.length > 0 ? files : campaignFiles(), simulated);
    case "status": {
      const report = await readStatus(await stackCluster(stack ?? DEFAULT_STACK), names);
      return { report, text: statusText(report), code: 0 };
    }
    case "pause":
    case "resume":
    case "stop": {
      if (all ? files.length > 0 || action === "pause" : files.length === 0) {
        throw wrongArguments(action, action === "pause" ? "FILE…" : "FILE… or --all", files);
      }
      const report = await holdCampaigns(await stackCluster(stack ?? DEFAULT_STACK), action, names);
      return { report, text: holdText(report), code: 0 };
    }
    default:
      throw new Error(
        `the action must be one of new, lint, simulate, status, pause, resume, stop, got ${JSON.stringify(action)}; usage: npm run ${usage}`,
      );
  }
}

function simulate(files: readonly string[], { people, seed, svg }: Simulated): Result {
  if (!/^\d{1,9}$/.test(seed)) {
    throw new Error(
      `--seed must be a whole number, got ${JSON.stringify(seed)}; leave it out for 1`,
    );
  }
  if (svg !== undefined && files.length !== 1) throw wrongArguments("--svg", "one FILE", files);
  const cast = people === undefined ? { seed: Number(seed) } : { file: people };
  const runs = files.map((file) => runSimulation(file, cast));
  const problems = runs.flatMap((run) => run.problems);
  if (svg !== undefined) writeFileSync(svg, funnelPicture(runs[0]!.simulation));
  const texts = runs.map(({ simulation, spec }) => simulationText(simulation, spec));
  return {
    report: { simulations: runs.map(({ simulation }) => simulation), problems },
    text: [...texts, ...problems].join("\n\n"),
    code: problems.length > 0 ? 1 : 0,
  };
}

function wrongArguments(action: string, rule: string, files: readonly string[]): Error {
  return new Error(
    `${action} must be given ${rule}, got ${files.join(" ") || "nothing"}; usage: npm run ${usage}`,
  );
}

/** Who writes commits in this clone. */
function author(): string {
  try {
    return execFileSync("git", ["config", "user.email"], { encoding: "utf8" }).trim();
  } catch {
    throw new Error("user.email of Git must be set, got nothing; set it: it is the owner");
  }
}
