import { campaignFiles } from "../stacks/campaigns/folder.ts";
import { lint } from "./campaign/lint.ts";
import { command, commandLine } from "./command.ts";

const usage = "campaign -- lint [FILE…] [--json]";

/** `campaign -- lint`: all that is wrong with the campaigns' files, or with those named. */
await command(async () => {
  const { values, positionals } = commandLine({
    usage,
    options: { json: { type: "boolean", default: false } },
    positionals: 1000,
  });
  const [action = "", ...files] = positionals;
  if (action !== "lint") {
    throw new Error(
      `the action must be lint, got ${JSON.stringify(action)}; usage: npm run ${usage}`,
    );
  }
  const report = lint(files.length > 0 ? files : campaignFiles());
  if (values.json) {
    process.stdout.write(`${JSON.stringify(report, undefined, 2)}\n`);
  } else {
    for (const problem of report.problems) process.stdout.write(`${problem}\n`);
    const campaigns = `${report.campaigns.length} campaigns`;
    process.stdout.write(`${campaigns}, ${report.problems.length} mistakes\n`);
  }
  return report.problems.length > 0 ? 1 : 0;
});
