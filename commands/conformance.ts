import { readdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { command, commandLine } from "./command.ts";
import { withEmulator, type Call } from "./conformance/emulated.ts";
import { exchangesIn } from "./conformance/exchange.ts";
import { PROJECT } from "./conformance/placeholders.ts";
import { replay, type Replayed } from "./conformance/replay.ts";

/** How many differences are shown. */
const SHOWN = 10;

/** Holds the emulator to published policies and recorded exchanges: `DIR/alert-policies/*.json`, `DIR/exchanges/*.http.log`. */
await command(async () => {
  const { values } = commandLine({
    usage: "conformance -- --data DIR",
    options: { data: { type: "string" } },
  });
  if (!values.data) {
    throw new Error("--data must be a folder of policies and exchanges, got none");
  }
  const folder = resolve(values.data);
  const [policies, recordings] = await Promise.all([
    filesOf(join(folder, "alert-policies"), ".json"),
    filesOf(join(folder, "exchanges"), ".http.log"),
  ]);
  const problems = [
    ...(await withEmulator((call) => policyProblems(policies, call))),
    ...(await exchangeProblems(recordings)),
  ];
  for (const problem of problems.slice(0, SHOWN)) process.stdout.write(`${problem}\n`);
  if (problems.length > SHOWN) {
    process.stdout.write(`… and ${problems.length - SHOWN} more\n`);
  }
  return problems.length === 0 ? 0 : 1;
});

interface File {
  readonly name: string;
  readonly text: string;
}

async function filesOf(folder: string, suffix: string): Promise<File[]> {
  const names = await readdir(folder).catch((error: Error) => {
    throw new Error(`--data must have the folder ${folder}: ${error.message}`, { cause: error });
  });
  const files = names.filter((name) => name.endsWith(suffix)).sort();
  return Promise.all(
    files.map(async (name) => ({ name, text: await readFile(join(folder, name), "utf8") })),
  );
}

async function policyProblems(policies: readonly File[], call: Call): Promise<string[]> {
  const problems: string[] = [];
  for (const { name, text } of policies) {
    const { status, body } = await call(
      "POST",
      `/v3/projects/${PROJECT}/alertPolicies`,
      JSON.parse(text),
    );
    if (status !== 200) problems.push(`✗ ${name}: ${messageOf(body)}`);
  }
  const accepted = policies.length - problems.length;
  process.stdout.write(`policies: ${accepted} of ${policies.length} accepted\n`);
  return problems;
}

async function exchangeProblems(recordings: readonly File[]): Promise<string[]> {
  const replayed: (Replayed & { readonly name: string })[] = [];
  for (const { name, text } of recordings) {
    // Each recording began in an empty project.
    const results = await withEmulator((call) => replay(exchangesIn(text), call));
    replayed.push(...results.map((result) => ({ ...result, name })));
  }
  const count = (outcome: Replayed["outcome"]): number =>
    replayed.filter((exchange) => exchange.outcome === outcome).length;
  process.stdout.write(
    `exchanges: ${count("same")} of ${count("same") + count("different")} replay with the recorded answer; ${count("other-api")} calls of other APIs left out\n`,
  );
  return replayed
    .filter(({ outcome }) => outcome === "different")
    .map(({ name, call, differences }) =>
      `✗ ${name}: ${call}\n${differences
        .slice(0, 3)
        .map((line) => `    ${line}\n`)
        .join("")}`.trimEnd(),
    );
}

function messageOf(body: unknown): string {
  return (body as { error?: { message?: string } }).error?.message ?? JSON.stringify(body);
}
