import type { EngineEvent, StepEventMetadata } from "@pulumi/pulumi/automation/events.js";
import { campaignNews, type Declared } from "./campaign-news.ts";
import type { Change, Digest, Operation, Problem, Violation } from "./digest.ts";
import { digestOfInputs, fingerprintOf } from "./values.ts";

/** Operation of each step of the engine that changes something; one replacement takes several steps. */
const operations: Readonly<Record<string, Operation>> = {
  create: "create",
  update: "update",
  delete: "delete",
  import: "import",
  replace: "replace",
  "create-replacement": "replace",
  "delete-replaced": "replace",
  "import-replacement": "replace",
};

/** Steps that know what a resource was and what it becomes. */
const whole = new Set(["create", "update", "replace", "delete", "import"]);

/** What the engine's events do not tell of a digest. */
export interface About {
  readonly stack: string;
  readonly about: Digest["about"];
  readonly notes: readonly string[];
}

/** Builds the digest of a finished `preview`, or for drift of a finished `refresh --preview-only`, from its events. */
export function digestOf(events: readonly EngineEvent[], { stack, about, notes }: About): Digest {
  const changes = new Map<string, Change>();
  const unchanged = new Set<string>();
  const declared = new Map<string, Declared>();
  for (const event of events) {
    // A refresh knows what it found only when it has looked.
    const step = (about === "drift" ? event.resOutputsEvent : event.resourcePreEvent)?.metadata;
    if (!step || !isResource(step)) continue;
    if (whole.has(step.op)) {
      const { urn, type, old, new: now } = step;
      declared.set(urn, { type, before: old?.inputs, after: now?.inputs });
    }
    const change = changeOf(step);
    if (change) changes.set(change.urn, merged(changes.get(change.urn), change));
    else if (step.op === "same") unchanged.add(step.urn);
  }
  const summary = events.find((event) => event.summaryEvent)?.summaryEvent as
    | (EngineEvent["summaryEvent"] & { PolicyPacks?: Record<string, string>; result?: string })
    | undefined;
  const sorted = [...changes.values()].sort((a, b) => (a.urn < b.urn ? -1 : 1));
  return {
    version: 1,
    stack,
    about,
    tier: "engine",
    notes,
    complete: summary?.result === "succeeded",
    changes: sorted,
    campaigns: about === "preview" ? campaignNews([...declared.values()]) : [],
    unchanged: [...unchanged].filter((urn) => !changes.has(urn)).length,
    violations: events.flatMap(({ policyEvent }) => (policyEvent ? [violation(policyEvent)] : [])),
    policyPacks: Object.fromEntries(
      // A local pack is called `<name>|local|<path>`, and the path is this machine's own.
      Object.entries(summary?.PolicyPacks ?? {}).map(([pack, version]) => [
        pack.split("|")[0]!,
        version,
      ]),
    ),
    errors: events.flatMap(problem),
    fingerprint: fingerprintOf(stack, sorted),
  };
}

/** Whether a step is about a resource that the program declares: no component, and no provider that nobody asked for. */
function isResource({ new: after, old: before, type, urn }: StepEventMetadata): boolean {
  if (!(after ?? before)?.custom) return false;
  return !(type.startsWith("pulumi:providers:") && urn.split("::").at(-1)!.startsWith("default"));
}

function changeOf(step: StepEventMetadata): Change | undefined {
  const { old: before, new: after } = step;
  const losesProtection = Boolean(
    after &&
    ((before?.protect && !after.protect) || (before?.retainOnDelete && !after.retainOnDelete)),
  );
  const op = operations[step.op] ?? (losesProtection && step.op === "same" ? "update" : undefined);
  if (!op) return undefined;
  const options = losesProtection ? ["(protection)"] : [];
  return {
    urn: step.urn,
    type: step.type,
    name: step.urn.split("::").slice(3).join("::"),
    op,
    paths: op === "create" ? [] : [...changedPaths(step), ...options].sort(),
    replacedBy: [...(step.keys ?? [])].sort(),
    isProtected: Boolean(before?.protect),
    isRetained: Boolean(before?.retainOnDelete),
    losesProtection,
    values: after && op !== "delete" ? digestOfInputs(after.inputs) : null,
  };
}

function changedPaths({ detailedDiff, diffs, keys }: StepEventMetadata): string[] {
  const detailed = Object.keys(detailedDiff ?? {});
  return [...new Set(detailed.length > 0 ? detailed : [...(diffs ?? []), ...(keys ?? [])])];
}

/** One change of the steps of one resource, whatever their order: a replacement's step of deletion knows least. */
function merged(former: Change | undefined, next: Change): Change {
  if (!former) return next;
  const [least, most] = next.paths.length < former.paths.length ? [next, former] : [former, next];
  return {
    ...most,
    op: former.op === next.op ? next.op : "replace",
    isProtected: former.isProtected || next.isProtected,
    isRetained: former.isRetained || next.isRetained,
    losesProtection: former.losesProtection || next.losesProtection,
    values: most.values ?? least.values,
  };
}

function violation(event: NonNullable<EngineEvent["policyEvent"]>): Violation {
  return {
    policy: event.policyName,
    level: event.enforcementLevel === "mandatory" ? "mandatory" : "advisory",
    urn: event.resourceUrn || null,
    message: event.message.trim(),
  };
}

function problem({ diagnosticEvent }: EngineEvent): Problem[] {
  if (diagnosticEvent?.severity !== "error") return [];
  return [{ urn: diagnosticEvent.urn || null, message: diagnosticEvent.message.trim() }];
}
