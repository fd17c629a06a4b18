import { startEmulator, type Body, type Emulator } from "./emulator.ts";

const GROUPS = "/v3/projects/demo/groups";
const DESCRIPTORS = "/v3/projects/demo/metricDescriptors";

let emulator: Emulator;

beforeEach(async () => {
  emulator = await startEmulator();
});
afterEach(() => emulator.remove());

async function create(group: Body): Promise<Body> {
  return (await emulator.call("POST", GROUPS, group)).body;
}

const group = { displayName: "Pods", filter: 'resource.type="k8s_pod"' };

test("groups lie in groups; one with children is deleted with them or not at all", async () => {
  const parent = await create(group);
  const child = await create({ ...group, parentName: parent.name });
  expect(child).toEqual({
    ...group,
    name: expect.stringMatching(/^projects\/demo\/groups\/\d{19,20}$/),
    parentName: parent.name,
  });
  expect((await emulator.call("GET", `${GROUPS}?childrenOfGroup=${parent.name}`)).body).toEqual({
    group: [child],
  });
  expect((await emulator.call("DELETE", `/v3/${parent.name}`)).body.error.status).toBe(
    "FAILED_PRECONDITION",
  );
  await emulator.call("DELETE", `/v3/${parent.name}?recursive=true`);
  expect((await emulator.call("GET", GROUPS)).body).toEqual({});
});

test("fails on a group that is its own ancestor, and on a parent that is not there", async () => {
  const parent = await create(group);
  const child = await create({ ...group, parentName: parent.name });
  const looped = await emulator.call("PUT", `/v3/${parent.name}`, {
    ...group,
    parentName: child.name,
  });
  expect([looped.status, looped.body.error.message]).toEqual([
    400,
    "A group must not be its own ancestor.",
  ]);
  expect((await create({ ...group, parentName: "projects/demo/groups/1" })).error.message).toBe(
    "Could not find group definition for '1'.",
  );
});

const descriptor = {
  type: "custom.googleapis.com/shop/orders",
  metricKind: "GAUGE",
  valueType: "INT64",
  labels: [{ key: "store" }],
};

test("a descriptor is named by its type, and created again in place", async () => {
  const { body } = await emulator.call("POST", DESCRIPTORS, descriptor);
  const name = `projects/demo/metricDescriptors/${descriptor.type}`;
  expect(body).toEqual({ ...descriptor, name });
  const { body: again } = await emulator.call("POST", DESCRIPTORS, { ...descriptor, unit: "1" });
  expect(again).toEqual({ ...descriptor, name, unit: "1" });
  expect((await emulator.call("GET", `/v3/${name}`)).body).toEqual(again);
  expect((await emulator.call("DELETE", `/v3/${name}`)).body).toEqual({});
  expect((await emulator.call("GET", `/v3/${name}`)).body.error.message).toBe(
    "Could not find descriptor for metric 'custom.googleapis.com/shop/orders'.",
  );
});

test.each<[string, Body, string]>([
  [
    "Google's own type",
    { ...descriptor, type: "compute.googleapis.com/x" },
    'Field metric_descriptor.type had an invalid value of "compute.googleapis.com/x": must begin with custom.googleapis.com/, external.googleapis.com/, workload.googleapis.com/ or prometheus.googleapis.com/.',
  ],
  [
    "no kind",
    { ...descriptor, metricKind: undefined },
    "Request was missing field metric_descriptor.metric_kind",
  ],
  [
    "a label twice",
    { ...descriptor, labels: [{ key: "a" }, { key: "a" }] },
    'Field metric_descriptor.labels[1].key had an invalid value of "a": must not be given twice.',
  ],
  [
    "a counter of texts",
    { ...descriptor, metricKind: "CUMULATIVE", valueType: "STRING" },
    'Field metric_descriptor.value_type had an invalid value of "STRING": must not be of a CUMULATIVE metric.',
  ],
])("fails on a descriptor with %s", async (_what, given, message) => {
  const { status, body } = await emulator.call("POST", DESCRIPTORS, given);
  expect([status, body.error.message]).toEqual([400, message]);
});

test("a scope lists the projects that a project sees, itself first", async () => {
  const scope = "/v1/locations/global/metricsScopes/demo";
  const { body: operation } = await emulator.call("POST", `${scope}/projects`, {
    name: "locations/global/metricsScopes/demo/projects/other",
  });
  expect(operation).toMatchObject({ done: true, metadata: { state: "DONE" } });
  const { body } = await emulator.call("GET", scope);
  expect(body.monitoredProjects).toHaveLength(2);
  expect(body.monitoredProjects[1].name).toBe(operation.response.name);
  await emulator.call("DELETE", `${scope}/projects/other`);
  expect((await emulator.call("GET", scope)).body.monitoredProjects).toHaveLength(1);
});
