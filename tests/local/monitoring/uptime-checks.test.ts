import { startEmulator, type Body, type Emulator } from "./emulator.ts";
import { promqlPolicy } from "./policies.ts";

const CHECKS = "/v3/projects/demo/uptimeCheckConfigs";

let emulator: Emulator;

beforeEach(async () => {
  emulator = await startEmulator();
});
afterEach(() => emulator.remove());

const target = { type: "uptime_url", labels: { host: "example.com", project_id: "demo" } };

const check = {
  displayName: "CMS front",
  monitoredResource: target,
  httpCheck: { path: "/ready", port: 443, useSsl: true, validateSsl: true },
  period: "60s",
  timeout: "10s",
};

async function create(given: Body): Promise<Body> {
  const { status, body } = await emulator.call("POST", CHECKS, given);
  expect([status, body]).toEqual([200, expect.anything()]);
  return body;
}

test("a check comes back as sent, with what the server decides", async () => {
  const created = await create(check);
  expect(created).toEqual({
    ...check,
    name: expect.stringMatching(/^projects\/demo\/uptimeCheckConfigs\/cms-front-[\w-]{11}$/),
    checkerType: "STATIC_IP_CHECKERS",
    httpCheck: { ...check.httpCheck, requestMethod: "GET" },
  });
  expect((await emulator.call("GET", `/v3/${created.name}`)).body).toEqual(created);
  expect((await emulator.call("GET", CHECKS)).body).toEqual({
    uptimeCheckConfigs: [created],
    totalSize: 1,
  });
});

test("the field that only the discovery document has is taken", async () => {
  expect(await create({ ...check, logCheckFailures: true })).toMatchObject({
    logCheckFailures: true,
  });
});

const secret = {
  ...check,
  httpCheck: {
    authInfo: { username: "u", password: "hunter2" },
    headers: { "x-key": "opensesame" },
    maskHeaders: true,
    path: "/",
    port: 80,
    requestMethod: "POST",
    contentType: "URL_ENCODED",
    body: "YQ==",
  },
};

test("passwords and masked headers are stored and never shown", async () => {
  const created = await create(secret);
  expect(created.httpCheck).toEqual({
    ...secret.httpCheck,
    authInfo: { username: "u", password: "******" },
    headers: { "x-key": "******", "Content-Length": "******" },
  });
  const { body } = await emulator.call("PATCH", `/v3/${created.name}?updateMask=httpCheck`, {
    httpCheck: { ...created.httpCheck, path: "/other" },
  });
  expect(body.httpCheck).toEqual({ ...created.httpCheck, path: "/other" });
  expect(JSON.stringify(emulator.log)).not.toMatch(/hunter2|opensesame/);
  const stored = emulator.state.read("projects/demo").collection("uptimeCheckConfigs");
  expect(Object.values(stored)[0]).toMatchObject({
    httpCheck: { authInfo: { password: "hunter2" }, headers: { "x-key": "opensesame" } },
  });
});

const http = (given: Body): Body => ({ ...check, httpCheck: given });

test.each<[string, Body, string]>([
  [
    "no name",
    { ...check, displayName: undefined },
    "Request was missing field uptime_check_config.display_name",
  ],
  [
    "no target",
    { ...check, monitoredResource: undefined },
    "Request was missing field uptime_check_config.resource",
  ],
  [
    "a URL without a host",
    { ...check, monitoredResource: { type: "uptime_url", labels: { project_id: "demo" } } },
    "Request was missing field uptime_check_config.monitored_resource.labels[host]",
  ],
  [
    "nothing to ask",
    { ...check, httpCheck: undefined },
    "Request was missing field uptime_check_config.check_request_type",
  ],
  [
    "two ways to ask",
    { ...check, tcpCheck: { port: 1 } },
    "Invalid value at 'uptime_check_config' (oneof), oneof field 'checkRequestType' is already set. Cannot set 'tcpCheck'",
  ],
  [
    "a period of two minutes",
    { ...check, period: "120s" },
    'Field uptime_check_config.period had an invalid value of "120s": must be 60s, 300s, 600s or 900s.',
  ],
  [
    "a timeout of two minutes",
    { ...check, timeout: "120s" },
    'Field uptime_check_config.timeout had an invalid value of "seconds: 120": must be from 1 to 60 seconds.',
  ],
  [
    "two regions of one checker each",
    { ...check, selectedRegions: ["EUROPE", "ASIA_PACIFIC"] },
    'Field uptime_check_config.selected_regions had an invalid value of "EUROPE,ASIA_PACIFIC": must include at least 3 locations.',
  ],
  [
    "a POST without a type of content",
    http({ requestMethod: "POST" }),
    "Request was missing field uptime_check_config.http_check.content_type",
  ],
  [
    "a GET with one",
    http({ contentType: "URL_ENCODED" }),
    'Field uptime_check_config.http_check.content_type had an invalid value of "URL_ENCODED": must only be given when request_method is POST.',
  ],
  [
    "a Content-Type among the headers",
    http({ headers: { "content-type": "text/plain" } }),
    'Field uptime_check_config.http_check.headers had an invalid value of "content-type": Content-Type must be given as content_type.',
  ],
  [
    "VPC checkers of a public host",
    { ...check, checkerType: "VPC_CHECKERS" },
    'Field uptime_check_config.checker_type had an invalid value of "VPC_CHECKERS": is only for the monitored resource servicedirectory_service.',
  ],
])("fails on a check with %s", async (_what, given, message) => {
  const { status, body } = await emulator.call("POST", CHECKS, given);
  expect([status, body.error.message]).toEqual([400, message]);
});

test("fails on an update that changes the target", async () => {
  const { name } = await create(check);
  const other = { ...target, labels: { ...target.labels, host: "example.org" } };
  const { status, body } = await emulator.call("PATCH", `/v3/${name}`, {
    ...check,
    monitoredResource: other,
  });
  expect([status, body.error.message]).toEqual([
    400,
    "Field uptime_check_config.monitored_resource must not change.",
  ]);
});

test("fails on the deletion of a check that a policy watches", async () => {
  const { name } = await create(check);
  const id = name.split("/").at(-1);
  const policy = promqlPolicy();
  policy.conditions[0].conditionPrometheusQueryLanguage.query = `monitoring_googleapis_com:uptime_check_check_passed{check_id="${id}"} < 1`;
  const { body: stored } = await emulator.call("POST", "/v3/projects/demo/alertPolicies", policy);
  expect((await emulator.call("DELETE", `/v3/${name}`)).body.error.message).toBe(
    `Cannot delete check ${id}. One or more alerting policies is using it. Delete the alerting policies first and then try again.`,
  );
  await emulator.call("DELETE", `/v3/${stored.name}`);
  expect((await emulator.call("DELETE", `/v3/${name}`)).body).toEqual({});
  expect((await emulator.call("GET", `/v3/${name}`)).body.error.message).toBe(
    `Config not found for check ${id} in project demo`,
  );
});

test("fails on the hundred and first check of a project", async () => {
  for (let index = 0; index < 100; index++) await create(check);
  const { status, body } = await emulator.call("POST", CHECKS, check);
  expect([status, body.error]).toEqual([
    429,
    {
      code: 429,
      message: "Error creating uptime check config: too many configs in project",
      status: "RESOURCE_EXHAUSTED",
    },
  ]);
});
