import type { EngineEvent } from "@pulumi/pulumi/automation/events.js";
import { isSaid } from "./diagnostics.ts";
import { runPulumi, type PulumiOptions } from "./pulumi.ts";
import { remedyOf } from "./remedies.ts";
import { leavesOut, redactFile, redactorOf } from "./secrets.ts";

/** What an update did, from the engine's events. */
export interface Update {
  /** Resources by operation: `{ same: 12, create: 3 }`. */
  readonly changes: Readonly<Record<string, number>>;
  /** True where every resource was left as it is. */
  readonly unchanged: boolean;
}

/** Which stack is updated, and how. */
export interface UpdateOptions extends Omit<PulumiOptions, "onEvent"> {
  readonly stack: string;
  /** Gets the URN of each resource that is about to change. */
  readonly onChange?: (urn: string) => void;
}

/**
 * Runs `pulumi up|destroy|refresh`, saying through `detail` which resource is in work.
 *
 * @throws Error with the engine's error messages, without secrets, if it did not finish.
 */
export async function runUpdate(
  args: readonly string[],
  { stack, onChange, ...options }: UpdateOptions,
  detail: (text: string) => void,
): Promise<Update> {
  let changes: Record<string, number> = {};
  let finished = 0;
  const inWork = new Set<string>();
  const errors: string[] = [];
  let isAnythingSaid = false;
  const onEvent = (event: EngineEvent): void => {
    const begun = event.resourcePreEvent?.metadata;
    if (begun && begun.op !== "same") onChange?.(begun.urn);
    if (begun && begun.op !== "same" && !isGroup(begun.type)) inWork.add(begun.urn);
    const ended = event.resOutputsEvent?.metadata ?? event.resOpFailedEvent?.metadata;
    if (ended) {
      inWork.delete(ended.urn);
      finished += 1;
    }
    if (begun || ended)
      detail([`${finished} done`, ...[...inWork].slice(0, 2).map(short)].join(", "));
    isAnythingSaid ||= isSaid(event);
    if (event.diagnosticEvent?.severity === "error") errors.push(plain(event.diagnosticEvent));
    if (event.policyEvent) errors.push(refusal(event.policyEvent));
    if (event.summaryEvent) changes = { ...event.summaryEvent.resourceChanges };
  };
  const run = await runPulumi([...args, "--stack", stack], { ...options, onEvent });
  // The engine masks the values that it shows; what a program or a provider says is as they say it.
  let redact = (text: string): string => text;
  if (isAnythingSaid || run.code !== 0) {
    const { environment, log } = options;
    redact = await redactorOf(stack, environment).then(
      async (known) => {
        if (log) await redactFile(log, known);
        return known;
      },
      // The log stays as it is: only its owner reads it, and it is all that is left to go by.
      leavesOut,
    );
  }
  if (run.code !== 0) {
    const said =
      errors.length > 0
        ? errors.join("\n")
        : run.output
            .trim()
            .replace(/^error: /gm, "")
            .split("\n")
            .slice(-20)
            .join("\n");
    const reason = redact(said);
    const remedy = remedyOf(said);
    throw new Error(
      `pulumi ${args[0]} ended with status ${run.code}${options.log ? ` (whole output: ${options.log})` : ""}\n${reason}${remedy && !reason.includes(remedy) ? `\n→ ${remedy}` : ""}`,
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

function refusal({
  policyName,
  resourceUrn,
  message,
}: NonNullable<EngineEvent["policyEvent"]>): string {
  const what = resourceUrn ? `${short(resourceUrn)}: ` : "";
  return `${what}policy ${policyName}: ${message.trim().replaceAll("\n", "; ")}`;
}

function plain({ urn, message }: { urn?: string; message: string }): string {
  return urn ? `${short(urn)}: ${message.trim()}` : message.trim();
}
