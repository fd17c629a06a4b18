import { NOW, startEmulator, type Body, type Emulator } from "./emulator.ts";

const METRICS = "/v2/projects/demo/metrics";

let emulator: Emulator;

beforeEach(async () => {
  emulator = await startEmulator();
});
afterEach(() => emulator.remove());

test("a metric comes back with its descriptor; its name may have slashes", async () => {
  const metric = { name: "cms/errors", filter: "severity>=ERROR", description: "Errors" };
  const { body } = await emulator.call("POST", METRICS, metric);
  expect(body).toEqual({
    ...metric,
    metricDescriptor: {
      name: "projects/demo/metricDescriptors/logging.googleapis.com/user/cms/errors",
      type: "logging.googleapis.com/user/cms/errors",
      metricKind: "DELTA",
      valueType: "INT64",
      unit: "1",
      description: "Errors",
    },
    createTime: NOW,
    updateTime: NOW,
  });
  const path = `${METRICS}/cms%2Ferrors`;
  expect((await emulator.call("GET", path)).body).toEqual(body);
  const { body: changed } = await emulator.call("PUT", path, {
    ...metric,
    filter: "severity=ERROR",
  });
  expect(changed).toEqual({ ...body, filter: "severity=ERROR" });
  expect((await emulator.call("GET", METRICS)).body).toEqual({ metrics: [changed] });
  expect((await emulator.call("DELETE", path)).body).toEqual({});
  expect((await emulator.call("GET", path)).body.error).toMatchObject({
    code: 404,
    message: "Metric cms/errors does not exist.",
  });
});

const labels = [{ key: "code", valueType: "INT64" }];

test.each<[string, Body, string]>([
  ["no filter", { name: "a" }, "Request was missing field metric.filter"],
  [
    "a name with a space",
    { name: "a b", filter: "x" },
    'Field metric.name had an invalid value of "a b": must have 1 to 100 of the characters A-Z, a-z, 0-9 and _-.,+!*\',()%/, and not begin with a slash.',
  ],
  [
    "a label without an extractor",
    { name: "a", filter: "x", metricDescriptor: { labels } },
    "Request was missing field metric.label_extractors[code]",
  ],
  [
    "an extractor without a label",
    { name: "a", filter: "x", labelExtractors: { code: "EXTRACT(jsonPayload.code)" } },
    'Field metric.label_extractors[code] had an invalid value of "EXTRACT(jsonPayload.code)": must belong to a label of the metric_descriptor.',
  ],
  [
    "a distribution of nothing",
    {
      name: "a",
      filter: "x",
      metricDescriptor: { metricKind: "DELTA", valueType: "DISTRIBUTION" },
    },
    "Request was missing field metric.value_extractor",
  ],
])("fails on a metric with %s", async (_what, given, message) => {
  const { status, body } = await emulator.call("POST", METRICS, given);
  expect([status, body.error.message]).toEqual([400, message]);
});

test("fails on another type of values than the metric has", async () => {
  await emulator.call("POST", METRICS, { name: "a", filter: "x" });
  const { body } = await emulator.call("PUT", `${METRICS}/a`, {
    name: "a",
    filter: "x",
    metricDescriptor: { valueType: "DISTRIBUTION", metricKind: "DELTA" },
    valueExtractor: "EXTRACT(jsonPayload.size)",
  });
  expect(body.error.message).toBe(
    'Field metric.metric_descriptor had an invalid value of "DELTA DISTRIBUTION": metric_kind and value_type must not change.',
  );
});
