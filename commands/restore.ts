import { access } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { lineProgress } from "../local/progress.ts";
import { resolveToolchain } from "../local/toolchain/toolchain.ts";
import { programName } from "../stacks/names.ts";
import { putBack } from "./backups/put-back.ts";
import { command, commandLine } from "./command.ts";
import { backendOf, engineEnvironment } from "./engine/environment.ts";
import { kubeconfigOf } from "./engine/kubeconfig.ts";
import { readOutputs } from "./engine/outputs.ts";
import { stackSettings } from "./engine/settings.ts";
import { withStackLock } from "./engine/stack-lock.ts";
import { recordedCare } from "./ledger/care.ts";

const usage = "restore -- FILE --stack NAME";

/** Puts a backup into the database of a stack, in place of what it has, without the people who were erased since. */
await command(async () => {
  const { values, positionals } = commandLine({
    usage,
    options: { stack: { type: "string" } },
    positionals: 1,
  });
  const { stack } = values;
  const [file] = positionals;
  // What the stack has is replaced: no stack is meant unless it is named.
  if (file === undefined || stack === undefined) {
    throw new Error(`FILE and --stack must be given, got less; usage: npm run ${usage}`);
  }
  programName(stack);
  const { platform, googleProject } = await stackSettings(stack);
  if (platform === "gke") {
    throw new Error(
      `the database of ${stack} must be in its cluster, got one of Google Cloud in ${googleProject}; "Google Cloud" in releases/README.md says how it is restored`,
    );
  }
  const path = resolve(file);
  await access(path).catch((error: Error) => {
    throw new Error(`FILE must be a backup by npm run backup, got ${error.message}`, {
      cause: error,
    });
  });
  const progress = lineProgress();
  const toolchain = await resolveToolchain(progress, ["kubernetes", "pulumi"]);
  const environment = engineEnvironment(toolchain);
  const outputs = await readOutputs(stack, engineEnvironment(toolchain, backendOf(platform))).catch(
    () => undefined,
  );
  const care = { kind: "restore", stack, reason: file } as const;
  const { done: erasures, said } = await withStackLock(stack, () =>
    recordedCare(care, outputs, async () =>
      putBack({
        ...{ stack, kubeconfig: await kubeconfigOf(stack), environment, path, progress },
        backups: dirname(path),
      }),
    ),
  );
  process.stdout.write(
    `\n${stack} has ${path}, erased again by ${erasures} known erasures\n${said}\nWhat it had is kept as pgdata*.before on the database's volume, with people who are erased from now on: remove it there once you need it no more\n`,
  );
  return 0;
});
