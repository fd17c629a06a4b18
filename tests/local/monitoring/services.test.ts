import { projectNumber } from "../../../local/monitoring/state/project-name.ts";
import { startEmulator, type Body, type Emulator } from "./emulator.ts";

const SERVICES = "/v3/projects/demo/services";
const NUMBER = projectNumber("demo");

let emulator: Emulator;

beforeEach(async () => {
  emulator = await startEmulator();
});
afterEach(() => emulator.remove());

const service = { custom: {}, displayName: "CMS", telemetry: { resourceName: "//cms" } };

const objective = {
  displayName: "Available",
  goal: 0.999,
  rollingPeriod: "2419200s",
  serviceLevelIndicator: {
    requestBased: {
      goodTotalRatio: {
        goodServiceFilter:
          'metric.type="prometheus.googleapis.com/good/counter" resource.type="prometheus_target"',
        totalServiceFilter:
          'metric.type="prometheus.googleapis.com/all/counter" resource.type="prometheus_target"',
      },
    },
  },
};

async function errorOf(method: string, path: string, body?: unknown): Promise<[number, string]> {
  const answer = await emulator.call(method, path, body);
  return [answer.status, answer.body.error.message];
}

async function withObjective(): Promise<Body> {
  await emulator.call("POST", `${SERVICES}?serviceId=cms`, service);
  const path = `${SERVICES}/cms/serviceLevelObjectives`;
  return (await emulator.call("POST", `${path}?serviceLevelObjectiveId=up`, objective)).body;
}

test("a service has the ID that its caller chose, and a name with the project's number", async () => {
  const { body } = await emulator.call("POST", `${SERVICES}?serviceId=cms`, service);
  expect(body).toEqual({ ...service, name: `projects/${NUMBER}/services/cms` });
  expect((await emulator.call("GET", `${SERVICES}/cms`)).body).toEqual(body);
  expect((await emulator.call("GET", `/v3/${body.name}`)).body).toEqual(body);
  expect((await emulator.call("GET", SERVICES)).body).toEqual({ services: [body] });
});

test("a service without an ID gets one", async () => {
  const { body } = await emulator.call("POST", SERVICES, service);
  expect(body.name).toMatch(/^projects\/\d{12}\/services\/\d{19,20}$/);
});

test("an update changes what its mask names", async () => {
  await emulator.call("POST", `${SERVICES}?serviceId=cms`, service);
  const { body } = await emulator.call(
    "PATCH",
    `${SERVICES}/cms?updateMask=telemetry.resourceName,userLabels`,
    { displayName: "ignored", telemetry: { resourceName: "//other" }, userLabels: { a: "b" } },
  );
  expect(body).toEqual({
    ...service,
    name: `projects/${NUMBER}/services/cms`,
    telemetry: { resourceName: "//other" },
    userLabels: { a: "b" },
  });
});

test("a service's objectives go with it", async () => {
  const { name } = await withObjective();
  expect((await emulator.call("DELETE", `${SERVICES}/cms`)).body).toEqual({});
  expect(await errorOf("GET", `/v3/${name}`)).toEqual([404, "Requested entity was not found."]);
  expect(await errorOf("GET", `${SERVICES}/cms`)).toEqual([
    404,
    `There is no service with id 'cms' in project '${NUMBER}'`,
  ]);
});

test.each<[string, Body, string]>([
  ["no kind", { displayName: "x" }, "Request was missing field service.identifier"],
  [
    "an unknown type",
    { basicService: { serviceType: "LAMBDA" } },
    'Field service.basic_service.service_type had an invalid value of "LAMBDA": must be one of APP_ENGINE, CLOUD_ENDPOINTS, CLUSTER_ISTIO, MESH_ISTIO, ISTIO_CANONICAL_SERVICE, CLOUD_RUN, GKE_NAMESPACE, GKE_WORKLOAD, GKE_SERVICE.',
  ],
  [
    "a label of another type",
    { basicService: { serviceType: "CLOUD_RUN", serviceLabels: { module_id: "m" } } },
    'Field service.basic_service.service_labels had an invalid value of "module_id": Services of type CLOUD_RUN have the labels service_name, location.',
  ],
  [
    "two kinds",
    { custom: {}, cloudRun: {} },
    "Invalid value at 'service' (oneof), oneof field 'identifier' is already set. Cannot set 'cloudRun'",
  ],
])("fails on a service of %s", async (_what, given, message) => {
  expect(await errorOf("POST", SERVICES, given)).toEqual([400, message]);
});

test("fails on a service whose ID is taken", async () => {
  await emulator.call("POST", `${SERVICES}?serviceId=cms`, service);
  const { status, body } = await emulator.call("POST", `${SERVICES}?serviceId=cms`, service);
  expect([status, body.error.status]).toEqual([409, "ALREADY_EXISTS"]);
});

test("an objective comes back as sent, below its service", async () => {
  const created = await withObjective();
  const name = `projects/${NUMBER}/services/cms/serviceLevelObjectives/up`;
  expect(created).toEqual({ ...objective, name });
  const path = `${SERVICES}/cms/serviceLevelObjectives`;
  expect((await emulator.call("GET", `${path}/up`)).body).toEqual(created);
  expect((await emulator.call("GET", path)).body).toEqual({ serviceLevelObjectives: [created] });
});

test("an update whose mask names both kinds of indicator leaves the one that is sent", async () => {
  const { name } = await withObjective();
  const cut = {
    distributionFilter: 'metric.type="prometheus.googleapis.com/latency/histogram"',
    range: { max: 0.5 },
  };
  const { body } = await emulator.call(
    "PATCH",
    `/v3/${name}?updateMask=serviceLevelIndicator.requestBased.goodTotalRatio.badServiceFilter,serviceLevelIndicator.requestBased.goodTotalRatio.goodServiceFilter,serviceLevelIndicator.requestBased.goodTotalRatio.totalServiceFilter,serviceLevelIndicator.requestBased.distributionCut.range,serviceLevelIndicator.requestBased.distributionCut.distributionFilter`,
    { ...objective, serviceLevelIndicator: { requestBased: { distributionCut: cut } } },
  );
  expect(body.serviceLevelIndicator).toEqual({ requestBased: { distributionCut: cut } });
});

const path = `${SERVICES}/cms/serviceLevelObjectives`;
const indicator = (given: Body): Body => ({ ...objective, serviceLevelIndicator: given });
const ratio = objective.serviceLevelIndicator.requestBased.goodTotalRatio;

test.each<[string, Body, string]>([
  [
    "a goal of 1",
    { ...objective, goal: 1 },
    'Field service_level_objective.goal had an invalid value of "1": must be greater than 0 and at most 0.9999.',
  ],
  [
    "no period",
    { ...objective, rollingPeriod: undefined },
    "Request was missing field service_level_objective.period",
  ],
  [
    "31 days",
    { ...objective, rollingPeriod: "2678400s" },
    'Field service_level_objective.rolling_period had an invalid value of "seconds: 2678400": must be from 1 to 30 days, a multiple of a day.',
  ],
  [
    "a calendar period of a year",
    { ...objective, rollingPeriod: undefined, calendarPeriod: "YEAR" },
    'Field service_level_objective.calendar_period had an invalid value of "YEAR": must be one of DAY, WEEK, FORTNIGHT, MONTH.',
  ],
  [
    "both periods",
    { ...objective, calendarPeriod: "DAY" },
    "Invalid value at 'service_level_objective' (oneof), oneof field 'period' is already set. Cannot set 'calendarPeriod'",
  ],
  [
    "one filter",
    indicator({ requestBased: { goodTotalRatio: { goodServiceFilter: ratio.goodServiceFilter } } }),
    "Field service_level_objective.service_level_indicator.request_based.good_total_ratio must have exactly two of good_service_filter, bad_service_filter and total_service_filter, has 1.",
  ],
  [
    "windows of seven minutes",
    indicator({
      windowsBased: { goodBadMetricFilter: ratio.goodServiceFilter, windowPeriod: "420s" },
    }),
    'Field service_level_objective.service_level_indicator.windows_based.window_period had an invalid value of "420s": must be an integer fraction of a day and at least 60s.',
  ],
  [
    "no indicator",
    indicator(undefined),
    "Request was missing field service_level_objective.service_level_indicator",
  ],
])("fails on an objective with %s", async (_what, given, message) => {
  await emulator.call("POST", `${SERVICES}?serviceId=cms`, service);
  expect(await errorOf("POST", path, given)).toEqual([400, message]);
});

test("fails on an objective of a service that is not there, and on one that is not there", async () => {
  expect((await errorOf("POST", path, objective))[1]).toBe(
    `There is no service with id 'cms' in project '${NUMBER}'`,
  );
  await emulator.call("POST", `${SERVICES}?serviceId=cms`, service);
  expect(await errorOf("GET", `${path}/x`)).toEqual([
    404,
    'There is no slo with id "x" under service "cms" in project "demo"',
  ]);
});
