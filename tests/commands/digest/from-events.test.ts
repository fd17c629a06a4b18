import type { EngineEvent } from "@pulumi/pulumi/automation/events.js";
import { digestOf } from "../../../commands/digest/from-events.ts";
import { letterCampaign } from "../../services/worker/campaigns/a-campaign.ts";
import { change } from "./digests.ts";

const SECRET = {
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  ciphertext: "[secret]",
};
const about = { stack: "dev", about: "preview", notes: [] } as const;

interface Step {
  op: string;
  name?: string;
  type?: string;
  old?: object | null;
  new?: object | null;
  keys?: string[];
  diffs?: string[];
  detailedDiff?: object | null;
}

/** One step as the engine tells of it, before or after it was taken. */
function step(
  { op, name = "cms", type = "kubernetes:apps/v1:Deployment", ...rest }: Step,
  event: "resourcePreEvent" | "resOutputsEvent" = "resourcePreEvent",
): EngineEvent {
  const state = { custom: true, inputs: {} };
  const metadata = {
    op,
    type,
    urn: `urn:pulumi:dev::marketing-stack::${type}::${name}`,
    ...rest,
    old: rest.old && { ...state, ...rest.old },
    new: rest.new && { ...state, ...rest.new },
  };
  return { sequence: 1, timestamp: 1, [event]: { metadata } } as unknown as EngineEvent;
}

const ended = (result: string, PolicyPacks = {}): EngineEvent =>
  ({ summaryEvent: { result, PolicyPacks } }) as unknown as EngineEvent;

test("a creation has no paths, but a digest of what is created", () => {
  const { changes, complete } = digestOf(
    [step({ op: "create", new: { inputs: { image: "a" } } }), ended("succeeded")],
    about,
  );
  expect(complete).toBe(true);
  expect(changes).toEqual([
    change({ op: "create", values: expect.stringMatching(/^[0-9a-f]{64}$/) }),
  ]);
});

test("campaigns are told of as they were and become, whatever the order of the steps", () => {
  const type = "kubernetes:marketing.stack/v1alpha1:Campaign";
  const spec = JSON.parse(JSON.stringify(letterCampaign())) as object;
  const state = (owner: string) => ({
    inputs: { metadata: { name: "greeting" }, spec: { ...spec, owner } },
  });
  const told = (...steps: Omit<Step, "type">[]) =>
    digestOf(
      steps.map((one) => step({ type, ...one })),
      about,
    ).campaigns;
  const changed = [
    {
      name: "greeting",
      change: "changed",
      says: [{ about: "Owner", before: "a@b.example", after: "c@d.example" }],
    },
  ];
  const [old, now] = [state("a@b.example"), state("c@d.example")];
  expect(told({ op: "refresh", old }, { op: "update", old, new: now })).toEqual(changed);
  expect(told({ op: "replace", old, new: now }, { op: "delete-replaced", old })).toEqual(changed);
  expect(told({ op: "refresh", old }, { op: "same", old, new: old })).toEqual([]);
  expect(told({ op: "delete", old }).map(({ change }) => change)).toEqual(["ended"]);
});

test("an update has the paths that the provider's diff tells, or the names that the engine's does", () => {
  const detailed = { "spec.b": { diffKind: "update" }, "spec.a": { diffKind: "add" } };
  const { changes } = digestOf(
    [
      step({ op: "update", name: "a", old: {}, new: {}, detailedDiff: detailed, diffs: ["spec"] }),
      step({ op: "update", name: "b", old: {}, new: {}, detailedDiff: {}, diffs: ["spec"] }),
    ],
    about,
  );
  expect(changes.map(({ paths }) => paths)).toEqual([["spec.a", "spec.b"], ["spec"]]);
});

test.each([
  [["delete-replaced", "replace", "create-replacement"]],
  [["replace", "create-replacement", "delete-replaced"]],
])("the steps %j are one replacement", (ops) => {
  const events = ops.map((op) =>
    op === "delete-replaced"
      ? step({ op, old: { protect: true } })
      : step({ op, old: {}, new: { inputs: { a: 1 } }, keys: ["a"], detailedDiff: { a: {} } }),
  );
  expect(digestOf(events, about).changes).toEqual([
    change({
      op: "replace",
      paths: ["a"],
      replacedBy: ["a"],
      isProtected: true,
      values: expect.any(String),
    }),
  ]);
});

test("what stays is counted; components, default providers and refreshes are not", () => {
  const { changes, unchanged } = digestOf(
    [
      step({ op: "same", name: "a", old: {}, new: {} }),
      step({ op: "same", name: "a", old: {}, new: {} }),
      step({ op: "refresh", name: "a", old: {}, new: {} }),
      step({ op: "create", name: "component", new: { custom: false } }),
      step({ op: "create", type: "pulumi:providers:random", name: "default_4_21_2", new: {} }),
    ],
    about,
  );
  expect({ changes, unchanged }).toEqual({ changes: [], unchanged: 1 });
});

test("a resource that only loses its protection is a change", () => {
  const same = step({ op: "same", old: { protect: true }, new: { protect: false } });
  expect(digestOf([same], about).changes).toEqual([
    change({
      paths: ["(protection)"],
      isProtected: true,
      losesProtection: true,
      values: expect.any(String),
    }),
  ]);
});

test("drift is what a refresh found, not what it looked at", () => {
  const events = [
    step({ op: "refresh", old: {}, new: {} }),
    step(
      { op: "update", old: {}, new: {}, detailedDiff: { "spec.replicas": {} } },
      "resOutputsEvent",
    ),
    step({ op: "same", name: "worker", old: {}, new: {} }, "resOutputsEvent"),
    step({ op: "delete", name: "gone", old: {} }, "resOutputsEvent"),
    ended("succeeded"),
  ];
  const { changes, unchanged } = digestOf(events, { ...about, about: "drift" });
  expect(changes.map(({ op, name, paths }) => ({ op, name, paths }))).toEqual([
    { op: "update", name: "cms", paths: ["spec.replicas"] },
    { op: "delete", name: "gone", paths: [] },
  ]);
  expect(unchanged).toBe(1);
});

test("two secrets have one digest, so that it tells nothing of them", () => {
  const of = (inputs: object): unknown =>
    digestOf([step({ op: "create", new: { inputs } })], about).changes[0]!.values;
  expect(of({ password: SECRET })).toBe(of({ password: { ...SECRET, ciphertext: "other" } }));
});

test("errors and violations are kept with the resource that they are about; the preview is not complete", () => {
  const { complete, errors, violations, policyPacks } = digestOf(
    [
      { diagnosticEvent: { severity: "warning", message: "look" } } as EngineEvent,
      { diagnosticEvent: { severity: "error", message: " no\n", urn: "urn:a" } } as EngineEvent,
      {
        policyEvent: {
          policyName: "images",
          enforcementLevel: "mandatory",
          message: "by digest",
          resourceUrn: "urn:b",
        },
      } as EngineEvent,
      ended("failed", { "marketing-stack": "1.0.0" }),
    ],
    about,
  );
  expect(complete).toBe(false);
  expect(errors).toEqual([{ urn: "urn:a", message: "no" }]);
  expect(violations).toEqual([
    { policy: "images", level: "mandatory", urn: "urn:b", message: "by digest" },
  ]);
  expect(policyPacks).toEqual({ "marketing-stack": "1.0.0" });
});

test("a preview without any event is not complete", () => {
  expect(digestOf([], about).complete).toBe(false);
});
