import type { ActiveAlert, Incident } from "../../../local/monitoring/incidents/incident.ts";
import { recordIncidents } from "../../../local/monitoring/incidents/log.ts";
import { observe, type Observation } from "../../../local/monitoring/incidents/observe.ts";
import { alertsOfSilence } from "../../../local/monitoring/incidents/silence.ts";
import type { AlertPolicy } from "../../../local/monitoring/rules/alert-policy.ts";
import { startEmulator } from "./emulator.ts";
import { promqlPolicy } from "./policies.ts";

const NOW = "2026-01-02T03:04:05Z";

const alert: ActiveAlert = {
  policy: "p",
  alert: "Broken",
  labels: { severity: "error", job: "cms" },
  state: "firing",
  value: "2",
  summary: "It is broken.",
};

function seen(alerts: readonly ActiveAlert[], changes: Partial<Observation> = {}): Observation {
  return { alerts, evaluated: new Set(["p"]), policies: new Set(["p"]), ...changes };
}

const incident: Incident = {
  id: "1",
  policy: "p",
  alert: "Broken",
  severity: "error",
  labels: alert.labels,
  value: "2",
  summary: "It is broken.",
  openedAt: "2026-01-01T00:00:00Z",
  closedAt: null,
  reason: null,
};

test("an alert that fires opens an incident, one that is pending does not", () => {
  expect(observe([], seen([alert]), NOW)).toEqual([
    { ...incident, id: expect.stringMatching(/^\d{19,20}$/), openedAt: NOW },
  ]);
  expect(observe([], seen([{ ...alert, state: "pending" }]), NOW)).toEqual([]);
});

test("an incident stays while its alert fires or waits to fire again", () => {
  expect(observe([incident], seen([alert]), NOW)).toEqual([]);
  expect(observe([incident], seen([{ ...alert, state: "pending" }]), NOW)).toEqual([]);
});

test("each set of labels is an incident of its own", () => {
  const other = { ...alert, labels: { ...alert.labels, job: "worker" } };
  expect(observe([incident], seen([alert, other]), NOW).map(({ labels }) => labels)).toEqual([
    other.labels,
  ]);
});

test("an incident closes when its alert is gone, its policy is gone, and not before it was evaluated", () => {
  const closed = (reason: string): Incident[] => [{ ...incident, closedAt: NOW, reason }];
  expect(observe([incident], seen([]), NOW)).toEqual(closed("the condition no longer holds"));
  expect(observe([incident], seen([], { evaluated: new Set() }), NOW)).toEqual([]);
  expect(observe([incident], seen([], { policies: new Set() }), NOW)).toEqual(
    closed("the policy is deleted or disabled"),
  );
});

test("incidents survive a restart, and a project keeps its latest thousand", async () => {
  const before = await startEmulator();
  const alerts = Array.from({ length: 1005 }, (_, n) => ({ ...alert, labels: { n: String(n) } }));
  const project = before.state.read("projects/demo");
  await recordIncidents(before.state, project, seen(alerts));
  const after = await startEmulator({ folder: before.folder });
  const { body } = await after.call("GET", "/incidents?project=demo");
  expect(body.incidents).toHaveLength(1000);
  expect(body.incidents[0]).toMatchObject({ project: "demo", alert: "Broken", closedAt: null });
  await recordIncidents(after.state, after.state.read("projects/demo"), seen([]));
  expect((await after.call("GET", "/incidents?project=demo&open=true")).body).toEqual({
    incidents: [],
  });
  before.remove();
});

test("without metrics only conditions on absence hold", () => {
  const policy = (query: string): AlertPolicy => {
    const given = promqlPolicy();
    given.conditions[0].conditionPrometheusQueryLanguage.query = query;
    return { ...given, name: query };
  };
  const absent = policy('absent(up{job="cms"})');
  expect(
    alertsOfSilence([absent, policy("up < 1"), { ...absent, enabled: false }]).map(
      ({ policy: name, labels }) => [name, labels],
    ),
  ).toEqual([[absent.name, { severity: "critical" }]]);
});
