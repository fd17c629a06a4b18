import type { EngineEvent } from "@pulumi/pulumi/automation/events.js";
import { runPulumi, type PulumiOptions } from "./pulumi.ts";

/** What an update did, from the engine's events. */
export interface Update {
  /** Resources by operation: `{ same: 12, create: 3 }`. */
  readonly changes: Readonly<Record<string, number>>;
  /** True where every resource was left as it is. */
  readonly unchanged: boolean;
}

/**
 * Runs `pulumi up|destroy|refresh`, saying through `detail` which resource is in work.
 *
 * @throws Error with the engine's error messages if it did not finish.
 */
export async function runUpdate(
  args: readonly string[],
  options: PulumiOptions,
  detail: (text: string) => void,
): Promise<Update> {
  let changes: Record<string, number> = {};
  let finished = 0;
  const inWork = new Set<string>();
  const errors: string[] = [];
  const onEvent = (event: EngineEvent): void => {
    const begun = event.resourcePreEvent?.metadata;
    if (begun && begun.op !== "same" && !isGroup(begun.type)) inWork.add(begun.urn);
    const ended = event.resOutputsEvent?.metadata ?? event.resOpFailedEvent?.metadata;
    if (ended) {
      inWork.delete(ended.urn);
      finished += 1;
    }
    if (begun || ended)
      detail([`${finished} done`, ...[...inWork].slice(0, 2).map(short)].join(", "));
    if (event.diagnosticEvent?.severity === "error") errors.push(plain(event.diagnosticEvent));
    if (event.summaryEvent) changes = { ...event.summaryEvent.resourceChanges };
  };
  const run = await runPulumi(args, { ...options, onEvent });
  if (run.code !== 0) {
    const reason =
      errors.length > 0 ? errors.join("\n") : run.output.trim().split("\n").slice(-20).join("\n");
    throw new Error(
      `pulumi ${args[0]} ended with status ${run.code}${options.log ? ` (whole output: ${options.log})` : ""}\n${reason}`,
    );
  }
  const unchanged = Object.entries(changes).every(([op, count]) => op === "same" || count === 0);
  return { changes, unchanged };
}

/** Whether a type stands for other resources, or for a provider: not what somebody waits for. */
function isGroup(type: string): boolean {
  return /^(marketing-stack|pulumi):|:Chart$/.test(type);
}

function short(urn: string): string {
  const [, , types = "", name = ""] = urn.split("::");
  return `${types.split("$").at(-1)} ${name}`;
}

function plain({ urn, message }: { urn?: string; message: string }): string {
  return urn ? `${short(urn)}: ${message.trim()}` : message.trim();
}
