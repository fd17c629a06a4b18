import fc from "fast-check";
import { startEmulator, type Body, type Emulator } from "./emulator.ts";
import { logPolicy, promqlPolicy, sqlPolicy, thresholdPolicy } from "./policies.ts";

let emulator: Emulator;

beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.remove());

const P = "projects/demo";
const filter = 'metric.type="custom.googleapis.com/a" resource.type="global"';

/** One acceptable body for each thing that can be made. */
const bodies: Readonly<Record<string, Body>> = {
  [`/v3/${P}/alertPolicies`]: promqlPolicy(),
  [`/v3/${P}/alertPolicies?a`]: thresholdPolicy(),
  [`/v3/${P}/alertPolicies?b`]: logPolicy(),
  [`/v3/${P}/alertPolicies?c`]: sqlPolicy(),
  [`/v3/${P}/notificationChannels`]: {
    type: "webhook_basicauth",
    labels: { url: "http://x", username: "u", password: "p" },
  },
  [`/v3/${P}/services`]: {
    basicService: { serviceType: "CLOUD_RUN", serviceLabels: { location: "l" } },
    telemetry: { resourceName: "//x" },
  },
  [`/v3/${P}/services/s/serviceLevelObjectives`]: {
    goal: 0.9,
    rollingPeriod: "86400s",
    serviceLevelIndicator: {
      windowsBased: {
        windowPeriod: "300s",
        goodTotalRatioThreshold: {
          threshold: 0.5,
          performance: { distributionCut: { distributionFilter: filter, range: { max: 1 } } },
        },
      },
    },
  },
  [`/v3/${P}/uptimeCheckConfigs`]: {
    displayName: "x",
    timeout: "10s",
    monitoredResource: { type: "uptime_url", labels: { host: "h", project_id: "p" } },
    httpCheck: {
      requestMethod: "POST",
      contentType: "URL_ENCODED",
      body: "YQ==",
      headers: { a: "b" },
      authInfo: { username: "u", password: "p" },
      acceptedResponseStatusCodes: [{ statusValue: 200 }],
    },
    contentMatchers: [
      { content: "a", matcher: "MATCHES_JSON_PATH", jsonPathMatcher: { jsonPath: "$.a" } },
    ],
    selectedRegions: ["USA"],
  },
  [`/v3/${P}/groups`]: { displayName: "g", filter },
  [`/v3/${P}/metricDescriptors`]: {
    type: "custom.googleapis.com/a",
    metricKind: "GAUGE",
    valueType: "INT64",
    labels: [{ key: "a" }],
  },
  [`/v1/${P}/dashboards`]: {
    displayName: "d",
    mosaicLayout: {
      columns: 12,
      tiles: [
        {
          width: 6,
          height: 4,
          widget: {
            xyChart: {
              dataSets: [{ timeSeriesQuery: { prometheusQuery: "up" } }],
              yAxis: { label: "y" },
            },
          },
        },
        { width: 1, height: 1, widget: { text: { content: "x" } } },
      ],
    },
  },
  [`/v1/locations/global/metricsScopes/demo/projects`]: {
    name: "locations/global/metricsScopes/demo/projects/other",
  },
  [`/v2/${P}/metrics`]: {
    name: "m",
    filter: "x",
    metricDescriptor: {
      metricKind: "DELTA",
      valueType: "DISTRIBUTION",
      labels: [{ key: "a" }],
    },
    labelExtractors: { a: "EXTRACT(a)" },
    valueExtractor: "EXTRACT(b)",
  },
};

/** Every place in a body, as a path. */
function placesIn(value: unknown): (string | number)[][] {
  if (typeof value !== "object" || value === null) return [[]];
  return [
    [],
    ...Object.entries(value).flatMap(([name, inner]) =>
      placesIn(inner).map((path) => [Array.isArray(value) ? Number(name) : name, ...path]),
    ),
  ];
}

function withValueAt(body: Body, path: readonly (string | number)[], value: unknown): Body {
  const [name, ...rest] = path;
  if (name === undefined) return value;
  const copy = Array.isArray(body) ? [...body] : { ...body };
  copy[name] = withValueAt(copy[name], rest, value);
  return copy;
}

const strange = fc.oneof(
  fc.jsonValue(),
  fc.string({ maxLength: 40, unit: "binary" }),
  fc.constantFrom(
    "",
    "projects",
    "projects/x",
    "1e999s",
    "-1s",
    "\u0000",
    "__proto__",
    "constructor",
  ),
  fc.constantFrom(Number.MAX_VALUE, -1, 1e21, 0.1),
  fc.constantFrom({ __proto__: 1 }, { constructor: {} }, [[]], [null], [{}], {}),
);

test.each(Object.keys(bodies))(
  "fails with 4xx, or not at all, on whatever stands anywhere in what is posted to %s",
  async (path) => {
    await emulator.call("POST", `/v3/${P}/services?serviceId=s`, { custom: {} });
    const target = path.split("?")[0]!;
    const places = placesIn(bodies[path]);
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...places), strange, async (place, value) => {
        const given = withValueAt(bodies[path], place, value) as object;
        const { status, body } = await emulator.call("POST", target, given ?? {});
        expect([200, 400, 404, 409, 429]).toContain(status);
        if (status !== 200) expect(typeof body.error.message).toBe("string");
      }),
      { numRuns: 150 },
    );
  },
);

test("fails with 4xx, or not at all, on whatever is asked for", async () => {
  const segments = fc.constantFrom(
    ...["v1", "v2", "v3", "projects", "demo", "123456789012", "alertPolicies", "services", "s"],
    ...["serviceLevelObjectives", "metrics", "metricDescriptors", "a%2Fb", "%", "%00", "..", "*"],
    ...["locations", "global", "metricsScopes", "dashboards", "groups", "uptimeCheckConfigs"],
  );
  const query = fc.constantFrom(
    ...["", "?updateMask=a.b", "?updateMask=*", "?pageSize=-1", "?pageToken=x", "?filter=((("],
    ...[
      "?orderBy=%00",
      "?serviceId=%2F",
      "?validateOnly=maybe",
      "?name=x",
      "?$alt=json;enum-encoding=int",
    ],
  );
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom("GET", "POST", "PATCH", "PUT", "DELETE"),
      fc.array(segments, { minLength: 1, maxLength: 7 }),
      query,
      async (method, path, text) => {
        const response = await emulator.app.request(`/${path.join("/")}${text}`, { method });
        expect(response.status).toBeLessThan(500);
      },
    ),
    { numRuns: 1000 },
  );
});
