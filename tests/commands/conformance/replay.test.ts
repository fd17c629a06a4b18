import { withEmulator } from "../../../commands/conformance/emulated.ts";
import { exchangesIn } from "../../../commands/conformance/exchange.ts";
import { replay, type Replayed } from "../../../commands/conformance/replay.ts";

/** A recording in the form of k8s-config-connector's. */
function recording(
  ...exchanges: [call: string, request: object | undefined, status: string, answer: object][]
): string {
  return exchanges
    .map(([call, request, status, answer]) => {
      const json = (body: object | undefined): string =>
        body ? `\n${JSON.stringify(body, null, 2)}\n` : "";
      return `${call}\nContent-Type: application/json\n${json(request)}\n${status}\nServer: ESF\n${json(answer)}\n`;
    })
    .join("---\n\n");
}

async function replayed(text: string): Promise<Replayed[]> {
  return withEmulator((call) => replay(exchangesIn(text), call));
}

const GROUPS = "https://monitoring.googleapis.com/v3/projects/${projectId}/groups";
const group = { displayName: "Pods", filter: 'resource.type="k8s_pod"' };
const stored = { ...group, name: "projects/${projectId}/groups/${groupID}" };

test("IDs, numbers, etags and times of a recording stand for those of the emulator", async () => {
  const dashboard = { displayName: "Stack", gridLayout: {} };
  const answered = {
    ...dashboard,
    name: "projects/${projectNumber}/dashboards/${dashboardID}",
    etag: "abcdef",
  };
  const metric = { name: "errors", filter: "severity=ERROR" };
  const time = "2024-04-01T12:34:56.123456Z";
  const results = await replayed(
    recording(
      [`POST ${GROUPS}?alt=json`, group, "200 OK", stored],
      [
        `POST ${GROUPS}`,
        { ...group, parentName: stored.name },
        "200 OK",
        { ...stored, parentName: stored.name },
      ],
      [`GET ${GROUPS}/\${groupID}`, undefined, "200 OK", stored],
      [`DELETE ${GROUPS}/\${groupID}`, undefined, "200 OK", {}],
      [
        `GET ${GROUPS}/\${groupID}`,
        undefined,
        "404 Not Found",
        {
          error: {
            code: 404,
            message: "Could not find group definition for '${groupID}'.",
            status: "NOT_FOUND",
          },
        },
      ],
      [
        "POST https://monitoring.googleapis.com/v1/projects/${projectId}/dashboards",
        dashboard,
        "200 OK",
        answered,
      ],
      [
        "PATCH https://monitoring.googleapis.com/v1/projects/${projectId}/dashboards/${dashboardID}",
        { ...dashboard, etag: "abcdef" },
        "200 OK",
        answered,
      ],
      [
        "POST https://logging.googleapis.com/v2/projects/${projectId}/metrics",
        metric,
        "200 OK",
        {
          ...metric,
          createTime: time,
          updateTime: time,
          metricDescriptor: {
            metricKind: "DELTA",
            name: "projects/${projectId}/metricDescriptors/logging.googleapis.com/user/errors",
            type: "logging.googleapis.com/user/errors",
            unit: "1",
            valueType: "INT64",
          },
        },
      ],
    ),
  );
  expect(results.flatMap(({ differences }) => differences)).toEqual([]);
  expect(results.map(({ outcome }) => outcome)).toEqual(Array(8).fill("same"));
});

test("calls over gRPC are made over HTTP, those of other APIs are left out", async () => {
  const name = "projects/${projectId}";
  const results = await replayed(
    recording(
      ["GRPC /google.monitoring.v3.GroupService/CreateGroup", { name, group }, "OK", stored],
      ["GRPC /google.monitoring.v3.GroupService/GetGroup", { name: stored.name }, "OK", stored],
      ["GET https://cloudresourcemanager.googleapis.com/v1/projects/x", undefined, "200 OK", {}],
      [
        "GET https://logging.googleapis.com/v2/projects/x/locations/global/buckets/b",
        undefined,
        "200 OK",
        {},
      ],
    ),
  );
  expect(results.map(({ outcome }) => outcome)).toEqual(["same", "same", "other-api", "other-api"]);
});

test("fails on an answer that is not the recorded one, and says where", async () => {
  const [result] = await replayed(
    recording([
      `POST ${GROUPS}`,
      group,
      "201 Created",
      { ...stored, displayName: "Others", isCluster: true },
    ]),
  );
  expect(result).toEqual({
    call: `POST ${GROUPS}`,
    outcome: "different",
    differences: [
      "status: recorded 201, got 200",
      'displayName: recorded "Others", got "Pods"',
      "isCluster: recorded true, got nothing",
    ],
  });
});

test("fails on a recording of another form", () => {
  expect(() => exchangesIn("hello\n")).toThrow(
    'exchange must be "METHOD URL", headers, body, "STATUS TEXT", headers, body, got "hello"',
  );
  expect(() => exchangesIn("GET https://x/\n\n{\n\n200 OK\n")).toThrow(
    'bodies of "GET https://x/" must be JSON, got',
  );
});
