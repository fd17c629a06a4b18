import { execFileSync } from "node:child_process";
import { campaignName } from "../stacks/campaigns/file.ts";
import { campaignFiles } from "../stacks/campaigns/folder.ts";
import { stackCluster } from "./campaign/cluster.ts";
import { holdCampaigns, holdText } from "./campaign/hold.ts";
import { lint } from "./campaign/lint.ts";
import { newCampaign } from "./campaign/new.ts";
import { readStatus, statusText } from "./campaign/status.ts";
import { command, commandLine } from "./command.ts";

const usage =
  "campaign -- new|lint|status|pause|resume|stop [FILE…] [--all] [--stack NAME] [--json]";

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
      stack: { type: "string", default: "dev" },
      json: { type: "boolean", default: false },
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
  { all, stack }: { readonly all: boolean; readonly stack: string },
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
      const report = lint(files.length > 0 ? files : campaignFiles());
      const summary = `${report.campaigns.length} campaigns, ${report.problems.length} mistakes`;
      const text = [...report.problems, summary].join("\n");
      return { report, text, code: report.problems.length > 0 ? 1 : 0 };
    }
    case "status": {
      const report = await readStatus(await stackCluster(stack), names);
      return { report, text: statusText(report), code: 0 };
    }
    case "pause":
    case "resume":
    case "stop": {
      if (all ? files.length > 0 || action === "pause" : files.length === 0) {
        throw wrongArguments(action, action === "pause" ? "FILE…" : "FILE… or --all", files);
      }
      const report = await holdCampaigns(await stackCluster(stack), action, names);
      return { report, text: holdText(report), code: 0 };
    }
    default:
      throw new Error(
        `the action must be one of new, lint, status, pause, resume, stop, got ${JSON.stringify(action)}; usage: npm run ${usage}`,
      );
  }
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
