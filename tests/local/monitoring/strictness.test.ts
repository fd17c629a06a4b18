import { startEmulator, type Body, type Emulator } from "./emulator.ts";
import { promqlPolicy, thresholdPolicy } from "./policies.ts";

const POLICIES = "/v3/projects/demo/alertPolicies";
const TYPE = "type.googleapis.com/google.monitoring.v3.AlertPolicy";

let emulator: Emulator;

beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.remove());

test.each<[string, (policy: Body) => void, string, string]>([
  [
    "an unknown name at the top",
    (p) => (p.colour = "red"),
    "alert_policy",
    `Invalid JSON payload received. Unknown name "colour" at 'alert_policy': Cannot find field.`,
  ],
  [
    "an unknown name inside",
    (p) => (p.conditions[0].conditionThreshold.for = "60s"),
    "alert_policy.conditions[0].condition_threshold",
    `Invalid JSON payload received. Unknown name "for" at 'alert_policy.conditions[0].condition_threshold': Cannot find field.`,
  ],
  [
    "an unknown member of an enum",
    (p) => (p.combiner = "XOR"),
    "alert_policy.combiner",
    `Invalid value at 'alert_policy.combiner' (${TYPE}.ConditionCombinerType), "XOR"`,
  ],
  [
    "an unknown number of an enum",
    (p) => (p.severity = 9),
    "alert_policy.severity",
    `Invalid value at 'alert_policy.severity' (${TYPE}.Severity), 9`,
  ],
  [
    "two members of one oneof",
    (p) => (p.conditions[0].conditionAbsent = {}),
    "alert_policy.conditions[0]",
    `Invalid value at 'alert_policy.conditions[0]' (oneof), oneof field 'condition' is already set. Cannot set 'conditionAbsent'`,
  ],
  [
    "both spellings of one field",
    (p) => (p.display_name = "twice"),
    "alert_policy",
    `Invalid JSON payload received. Unknown name "display_name" at 'alert_policy': Proto field is already set.`,
  ],
  [
    "a duration without its unit",
    (p) => (p.alertStrategy = { autoClose: "1800" }),
    "alert_policy.alert_strategy.auto_close",
    `Invalid value at 'alert_policy.alert_strategy.auto_close' (type.googleapis.com/google.protobuf.Duration), Field 'autoClose', Illegal duration format; duration must end with 's'`,
  ],
  [
    "a number where text belongs",
    (p) => (p.displayName = 5),
    "alert_policy.display_name",
    `Invalid value at 'alert_policy.display_name' (TYPE_STRING), 5`,
  ],
  [
    "text where a number belongs",
    (p) => (p.conditions[0].conditionThreshold.thresholdValue = "high"),
    "alert_policy.conditions[0].condition_threshold.threshold_value",
    `Invalid value at 'alert_policy.conditions[0].condition_threshold.threshold_value' (TYPE_DOUBLE), "high"`,
  ],
  [
    "a fraction where an integer belongs",
    (p) => (p.conditions[0].conditionThreshold.trigger = { count: 1.5 }),
    "alert_policy.conditions[0].condition_threshold.trigger.count",
    `Invalid value at 'alert_policy.conditions[0].condition_threshold.trigger.count' (TYPE_INT32), 1.5`,
  ],
  [
    "text where a boolean belongs",
    (p) => (p.enabled = "true"),
    "alert_policy.enabled",
    `Invalid value at 'alert_policy.enabled' (TYPE_BOOL), "true"`,
  ],
  [
    "a list where one value belongs",
    (p) => (p.displayName = ["a"]),
    "alert_policy.display_name",
    `Invalid JSON payload received. Unknown name "displayName" at 'alert_policy.display_name': Proto field is not repeating, cannot start list.`,
  ],
  [
    "one value where a list belongs",
    (p) => (p.notificationChannels = "a"),
    "alert_policy.notification_channels",
    `Invalid value at 'alert_policy.notification_channels' (List), "a"`,
  ],
])("fails on %s", async (_what, mutate, field, description) => {
  const policy = thresholdPolicy();
  mutate(policy);
  const { status, body } = await emulator.call("POST", POLICIES, policy);
  expect(status).toBe(400);
  expect(body).toEqual({
    error: {
      code: 400,
      message: description,
      status: "INVALID_ARGUMENT",
      details: [
        {
          "@type": "type.googleapis.com/google.rpc.BadRequest",
          fieldViolations: [{ field, description }],
        },
      ],
    },
  });
});

test("every wrong field is reported at once", async () => {
  const { body } = await emulator.call("POST", POLICIES, {
    ...promqlPolicy(),
    a: 1,
    b: 2,
    combiner: "XOR",
  });
  expect(body.error.details[0].fieldViolations).toHaveLength(3);
  expect(body.error.message.split("\n")).toHaveLength(3);
});

test.each([
  ["no JSON", "{", "Invalid JSON payload received. Parsing terminated before end of input."],
  [
    "a list",
    "[]",
    `Invalid JSON payload received. Unknown name "alert_policy": Proto field is not repeating`,
  ],
  ["text", '"x"', "Invalid value at 'alert_policy'"],
])("fails on a body that is %s", async (_what, body, message) => {
  const response = await emulator.app.request(POLICIES, { method: "POST", body });
  expect(response.status).toBe(400);
  expect(((await response.json()) as Body).error.message).toContain(message.slice(0, 40));
});

test("fails on a body of more than a megabyte", async () => {
  const policy = { ...promqlPolicy(), displayName: "x".repeat(1024 * 1024) };
  const { status, body } = await emulator.call("POST", POLICIES, policy);
  expect([status, body.error.message]).toEqual([
    400,
    "Request payload size exceeds the limit: 1048576 bytes.",
  ]);
});

test("fails on nesting without end, but answers", async () => {
  const deep = `{"validity":{"details":[${'{"@type":"x","a":'.repeat(5000)}1${"}".repeat(5000)}]}}`;
  const response = await emulator.app.request(POLICIES, { method: "POST", body: deep });
  expect(response.status).toBe(400);
});

test.each([
  ["GET", "/v3/projects/demo/snoozes"],
  ["GET", "/v1/projects/demo/alertPolicies"],
  ["PUT", "/v3/projects/demo/alertPolicies/1"],
  ["GET", "/v3/projects/demo/alertPolicies/1/conditions"],
  ["POST", "/"],
])("fails on %s %s, which is not served", async (method, path) => {
  expect(await emulator.call(method, path)).toEqual({
    status: 404,
    body: { error: { code: 404, message: "Method not found.", status: "NOT_FOUND" } },
  });
});

test.each(["UPPER", "..%2F..%2Fetc", "a_b", "-a"])("fails on the project %s", async (project) => {
  const { status, body } = await emulator.call("GET", `/v3/projects/${project}/alertPolicies`);
  expect(status).toBe(400);
  expect(body.error.message).toContain("must name a project by its ID or its number.");
});

test("parameters that all of Google's methods take are taken", async () => {
  const query = "alt=json&prettyPrint=false&key=k&access_token=t&quotaUser=q";
  expect((await emulator.call("GET", `${POLICIES}?${query}`)).status).toBe(200);
});

test("answers carry the headers of Google's front end", async () => {
  const response = await emulator.app.request(POLICIES);
  expect(response.headers.get("server")).toBe("ESF");
  expect(response.headers.get("content-type")).toBe("application/json; charset=UTF-8");
});
