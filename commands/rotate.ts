import { lineProgress } from "../local/progress.ts";
import { resolveToolchain } from "../local/toolchain/toolchain.ts";
import { generatedSecrets } from "../stacks/secrets.ts";
import { command, commandLine } from "./command.ts";
import { deployStack } from "./engine/deploy.ts";
import { backendOf, engineEnvironment } from "./engine/environment.ts";
import { stackSettings } from "./engine/settings.ts";
import { declareGenerations, readDeclared } from "./rotation/declared.ts";
import { readDeployed } from "./rotation/deployed.ts";
import { rotationUpdates } from "./rotation/plan.ts";
import { rotationReport } from "./rotation/report.ts";
import { secretsTable } from "./rotation/table.ts";

/** Changes generated secrets without an outage; lists them if none is named. */
await command(async () => {
  const { values, positionals } = commandLine({
    usage: "rotate [-- SECRET...] [-- --retire] [-- --stack NAME]",
    options: {
      stack: { type: "string", default: "dev" },
      retire: { type: "boolean", default: false },
    },
    positionals: Infinity,
  });
  const { stack, retire } = values;
  const progress = lineProgress();
  const { sources, generations } = await readDeclared(stack);
  const secrets = generatedSecrets(sources);
  if (positionals.length === 0) {
    const { platform } = await stackSettings(stack);
    const toolchain = await resolveToolchain(progress, ["pulumi"]);
    const environment = engineEnvironment(toolchain, backendOf(platform));
    process.stdout.write(`${secretsTable(secrets, await readDeployed(stack, environment))}\n`);
    return 0;
  }

  const updates = rotationUpdates({ names: positionals, secrets, declared: generations, retire });
  for (const update of updates) {
    const declare = (): Promise<void> => declareGenerations(stack, update);
    await deployStack({ stack, takeOver: false, progress, declare });
  }
  process.stdout.write(rotationReport({ stack, names: positionals, secrets, retire }));
  return 0;
});
