import { lineProgress } from "../local/progress.ts";
import { resolveToolchain } from "../local/toolchain/toolchain.ts";
import { DIALECTS, type SourceRules } from "../services/contract/source-rules.ts";
import { generatedSecrets } from "../stacks/secrets.ts";
import { command, commandLine } from "./command.ts";
import { deployStack } from "./engine/deploy.ts";
import { backendOf, engineEnvironment } from "./engine/environment.ts";
import { readOutputs, type StackOutputs } from "./engine/outputs.ts";
import { stackSettings } from "./engine/settings.ts";
import { changeStackFile } from "./engine/stack-file.ts";
import { declareGenerations, readDeclared } from "./rotation/declared.ts";
import { rotationUpdates } from "./rotation/plan.ts";
import { rotationReport } from "./rotation/report.ts";
import { addSource } from "./sources/declare.ts";
import { snippetsOf } from "./sources/snippets.ts";
import { sourcesTable } from "./sources/table.ts";

const USAGE =
  "sources [-- show NAME | add NAME [--origin URL]... [--dialect NAME]... [--rate EVENTS_PER_SECOND] [--retention-days DAYS] | rotate NAME [--retire]] [--stack NAME]";

/** Lists who sends events; adds a source, changes its write key, or shows that with the lines for each SDK. */
await command(async () => {
  const { values, positionals } = commandLine({
    usage: USAGE,
    options: {
      stack: { type: "string", default: "dev" },
      origin: { type: "string", multiple: true },
      dialect: { type: "string", multiple: true },
      rate: { type: "string" },
      "retention-days": { type: "string" },
      retire: { type: "boolean", default: false },
    },
    positionals: 2,
  });
  const { stack } = values;
  const [action, name] = positionals;
  const progress = lineProgress();
  const declared = await readDeclared(stack);
  if (action === undefined) {
    process.stdout.write(`${sourcesTable(declared)}\n`);
    return 0;
  }
  if (!["show", "add", "rotate"].includes(action) || name === undefined) {
    throw new Error(
      `sources must be given an action and a name, got ${JSON.stringify(positionals)}; usage: npm run ${USAGE}`,
    );
  }
  if (action === "add") {
    const declare = (): Promise<void> =>
      changeStackFile(stack, async (document) => {
        const { sources } = await readDeclared(stack);
        addSource(document, sources, name, {
          ...(values.origin && { origins: values.origin }),
          ...(values.dialect && { dialects: values.dialect }),
          ...(values.rate !== undefined && { eventsPerSecond: Number(values.rate) }),
          ...(values["retention-days"] !== undefined && {
            retentionDays: Number(values["retention-days"]),
          }),
        });
      });
    await deployStack({ stack, takeOver: false, progress, declare });
  } else if (!declared.sources.includes(name)) {
    throw new Error(
      `the source must be one of ${declared.sources.join(", ")}, got ${JSON.stringify(name)}; npm run sources -- add ${name} makes it`,
    );
  }
  if (action === "rotate") {
    const secrets = generatedSecrets(declared.sources);
    const request = { names: [`collector-${name}`], secrets, retire: values.retire };
    for (const update of rotationUpdates({ ...request, declared: declared.generations })) {
      const declare = (): Promise<void> => declareGenerations(stack, update);
      await deployStack({ stack, takeOver: false, progress, declare });
    }
    process.stdout.write(rotationReport({ stack, ...request }));
    if (values.retire) return 0;
  }
  const { platform, tlsPort } = await stackSettings(stack);
  const toolchain = await resolveToolchain(progress, ["pulumi"]);
  const outputs = await readOutputs(stack, engineEnvironment(toolchain, backendOf(platform)));
  process.stdout.write(shown(name, outputs, declared.sourceRules[name], tlsPort));
  return 0;
});

/** The write key of a source, and how each SDK that it may use is given it. */
function shown(
  name: string,
  outputs: StackOutputs | undefined,
  rules: SourceRules | undefined,
  tlsPort: number | undefined,
): string {
  const key = outputs?.writeKeys[name];
  if (outputs === undefined || key === undefined) {
    throw new Error(`source ${name} must be deployed to have a write key; npm run up deploys it`);
  }
  const url = outputs.urls.collector ?? "https://collector.example";
  const snippets = snippetsOf(url, key, rules?.dialects ?? DIALECTS, tlsPort);
  return `source     ${name}\nwrite key  ${key}\ncollector  ${url}\n\n${snippets.join("\n\n")}\n`;
}
