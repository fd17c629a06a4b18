import { existsSync } from "node:fs";
import { join } from "node:path";
import type { EngineEvent } from "@pulumi/pulumi/automation/events.js";
import { clonePath } from "../../local/paths.ts";
import { withDeployedFiles } from "../releases/checkout.ts";
import { programName } from "../../stacks/names.ts";
import { withDeletions } from "../digest/deletions.ts";
import type { Digest } from "../digest/digest.ts";
import { digestOf } from "../digest/from-events.ts";
import { redacted } from "../digest/redacted.ts";
import { registeredBy } from "../mocks/program.ts";
import { undeclared } from "../mocks/undeclared.ts";
import { isSaid } from "./diagnostics.ts";
import { policyArguments } from "./policy.ts";
import { runPulumi } from "./pulumi.ts";
import { leavesOut, redactorOf } from "./secrets.ts";
import { readState } from "./state.ts";

/** What to look at, and where its state is. */
export interface PreviewOptions {
  readonly stack: string;
  readonly environment: Record<string, string>;
  /** Further arguments of the Pulumi CLI. */
  readonly args: readonly string[];
  readonly notes: readonly string[];
  /** Folder of the stack's configuration. @default - this clone */
  readonly configuredIn?: string;
}

/** What `up` would do to a stack now, that is after it refreshed; changes nothing, and does not throw if it fails. */
export function previewStack(options: PreviewOptions): Promise<Digest> {
  return withDeployedFiles(options.stack, (folder) => previewFrom(folder, options));
}

async function previewFrom(folder: string, options: PreviewOptions): Promise<Digest> {
  const digest = await lookAt(
    "preview",
    ["preview", "--refresh", ...(await policyArguments(options.stack))],
    { ...options, folder, notes: [...options.notes, ...unreleased(options.stack)] },
  );
  if (digest.complete) return digest;
  // The engine plans deletions last: one that ended early tells of none.
  const { stack, environment } = options;
  const [deployed, registered] = await Promise.all([
    readState(stack, environment).then(
      ({ resources }) => resources,
      () => [],
    ),
    registeredBy({ folder, stack, machine: "this" }).catch(() => undefined),
  ]);
  return registered ? withDeletions(digest, undeclared(deployed, registered)) : digest;
}

/** What a reader must know of an environment that nothing was promoted to. */
function unreleased(stack: string): string[] {
  if (programName(stack) === "dev" || existsSync(join(clonePath, "releases", `${stack}.lock.json`)))
    return [];
  return [
    "Nothing was promoted here yet: this is the platform alone, its services come with the first release.",
  ];
}

/** What was changed by hand since the last `up` of a stack; changes nothing, and does not throw if it fails. */
export function driftOf(options: PreviewOptions): Promise<Digest> {
  return lookAt("drift", ["refresh", "--preview-only"], { ...options, folder: clonePath });
}

async function lookAt(
  about: Digest["about"],
  operation: readonly string[],
  {
    stack,
    environment,
    args,
    notes,
    configuredIn,
    folder,
  }: PreviewOptions & { readonly folder: string },
): Promise<Digest> {
  const events: EngineEvent[] = [];
  const onEvent = (event: EngineEvent): void => {
    if (!event.diagnosticEvent || isSaid(event)) events.push(event);
  };
  const run = await runPulumi([...operation, ...args, "--stack", stack], {
    environment,
    onEvent,
    cwd: folder,
  });
  const digest = digestOf(events, { stack, about, notes });
  const errors =
    run.code === 0 || digest.errors.length > 0
      ? digest.errors
      : [{ urn: null, message: run.output.trim() }];
  if (errors.length + digest.violations.length === 0) return digest;
  const redact = await redactorOf(stack, environment, configuredIn).catch(leavesOut);
  return redacted({ ...digest, errors }, redact);
}
