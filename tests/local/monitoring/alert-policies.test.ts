import { projectNumber } from "../../../local/monitoring/state/project-name.ts";
import { NOW, startEmulator, type Body, type Emulator } from "./emulator.ts";
import {
  absencePolicy,
  logPolicy,
  mqlPolicy,
  promqlPolicy,
  sqlPolicy,
  thresholdPolicy,
} from "./policies.ts";

const POLICIES = "/v3/projects/demo/alertPolicies";

let emulator: Emulator;

beforeEach(async () => {
  emulator = await startEmulator();
});
afterEach(() => emulator.remove());

async function create(policy: Body): Promise<Body> {
  const { status, body } = await emulator.call("POST", POLICIES, policy);
  expect([status, body]).toEqual([200, expect.anything()]);
  return body;
}

test("a policy comes back as sent, with names, enabled and records", async () => {
  const created = await create(promqlPolicy());
  const [condition] = promqlPolicy().conditions;
  expect(created).toEqual({
    ...promqlPolicy(),
    name: expect.stringMatching(/^projects\/demo\/alertPolicies\/\d{19,20}$/),
    conditions: [
      {
        ...condition,
        name: expect.stringMatching(/^projects\/demo\/alertPolicies\/\d+\/conditions\/\d{19,20}$/),
      },
    ],
    enabled: true,
    creationRecord: { mutateTime: NOW, mutatedBy: "user@example.com" },
    mutationRecord: { mutateTime: NOW, mutatedBy: "user@example.com" },
  });
  expect(created.conditions[0].name).toContain(`${created.name}/conditions/`);
  expect((await emulator.call("GET", `/v3/${created.name}`)).body).toEqual(created);
});

test.each([
  ["PromQL", promqlPolicy],
  ["threshold", thresholdPolicy],
  ["absence", absencePolicy],
  ["log match", logPolicy],
  ["SQL", sqlPolicy],
  ["MQL", mqlPolicy],
])("a policy with a %s condition is accepted", async (_kind, policy) => {
  await create(policy());
});

test("snake_case names and enum numbers mean the same as camelCase names and enum names", async () => {
  const created = await create({
    display_name: "Snake",
    combiner: 2,
    severity: 3,
    alert_strategy: { auto_close: "1800.000s" },
    conditions: [
      {
        display_name: "c",
        condition_prometheus_query_language: { query: "up < 1", disable_metric_validation: false },
      },
    ],
  });
  expect(created).toMatchObject({
    displayName: "Snake",
    combiner: "OR",
    severity: "WARNING",
    alertStrategy: { autoClose: "1800s" },
  });
  expect(created.conditions[0].conditionPrometheusQueryLanguage).toEqual({ query: "up < 1" });
});

test("a client that asks for enum numbers gets them", async () => {
  const { name } = await create(promqlPolicy());
  const { body } = await emulator.call("GET", `/v3/${name}?$alt=json;enum-encoding=int`);
  expect(body).toMatchObject({
    combiner: 2,
    severity: 1,
    alertStrategy: { notificationPrompts: [1, 3] },
  });
});

test("what only the server writes is ignored in what a caller sends", async () => {
  const created = await create({
    ...promqlPolicy(),
    name: "projects/demo/alertPolicies/1",
    creationRecord: { mutateTime: "2001-01-01T00:00:00Z" },
    validity: { code: 3 },
  });
  expect(created.name).not.toBe("projects/demo/alertPolicies/1");
  expect(created.creationRecord.mutateTime).toBe(NOW);
  expect(created).not.toHaveProperty("validity");
});

test("an update changes what its mask names, and nothing else", async () => {
  const { name } = await create(promqlPolicy());
  const { status, body } = await emulator.call(
    "PATCH",
    `/v3/${name}?updateMask=severity,documentation.content,user_labels.group`,
    { displayName: "ignored", severity: "ERROR", documentation: { content: "New." } },
  );
  expect(status).toBe(200);
  expect(body.displayName).toBe("services/CmsDown");
  expect(body.severity).toBe("ERROR");
  expect(body.documentation).toEqual({ ...promqlPolicy().documentation, content: "New." });
  expect(body).not.toHaveProperty("userLabels");
  expect((await emulator.call("GET", `/v3/${name}`)).body).toEqual(body);
});

test("an update without a mask replaces the policy and keeps its name and creation record", async () => {
  const created = await create(promqlPolicy());
  const { body } = await emulator.call("PATCH", `/v3/${created.name}`, thresholdPolicy());
  expect(body).toMatchObject({
    ...thresholdPolicy(),
    conditions: [{ displayName: "CPU is busy" }],
  });
  expect(body.name).toBe(created.name);
  expect(body.creationRecord).toEqual(created.creationRecord);
  expect(body).not.toHaveProperty("severity");
});

test("a condition sent with its name keeps it, one without gets a new one", async () => {
  const created = await create(thresholdPolicy());
  const [condition] = created.conditions;
  const { body } = await emulator.call("PATCH", `/v3/${created.name}?updateMask=conditions`, {
    conditions: [{ ...condition, displayName: "renamed" }, ...thresholdPolicy().conditions],
  });
  expect(body.conditions[0]).toEqual({ ...condition, displayName: "renamed" });
  expect(body.conditions[1].name).toMatch(/\/conditions\/\d+$/);
  expect(body.conditions[1].name).not.toBe(condition.name);
});

test("fails on an update with a condition of another policy", async () => {
  const [mine, other] = [await create(promqlPolicy()), await create(promqlPolicy())];
  const { status, body } = await emulator.call("PATCH", `/v3/${mine.name}`, {
    ...promqlPolicy(),
    conditions: other.conditions,
  });
  expect(status).toBe(400);
  expect(body.error.message).toMatch(
    /^Field alert_policy.conditions\[0\].name had an invalid value of/,
  );
});

test("fails on an update whose mask names no field, and changes nothing", async () => {
  const created = await create(promqlPolicy());
  const { status, body } = await emulator.call(
    "PATCH",
    `/v3/${created.name}?updateMask=severity,colour`,
    {
      severity: "ERROR",
    },
  );
  expect([status, body.error.message]).toEqual([
    400,
    'Field update_mask had an invalid value of "colour": AlertPolicy has no such field that can be updated.',
  ]);
  expect((await emulator.call("GET", `/v3/${created.name}`)).body).toEqual(created);
});

test("a deleted policy is gone", async () => {
  const { name } = await create(promqlPolicy());
  expect(await emulator.call("DELETE", `/v3/${name}`)).toEqual({ status: 200, body: {} });
  for (const method of ["GET", "DELETE"]) {
    expect(await emulator.call(method, `/v3/${name}`)).toEqual({
      status: 404,
      body: {
        error: { code: 404, message: "Requested entity was not found.", status: "NOT_FOUND" },
      },
    });
  }
  expect((await emulator.call("GET", POLICIES)).body).toEqual({});
});

test("pages of a list hold every policy once", async () => {
  for (let n = 0; n < 5; n++) await create({ ...promqlPolicy(), displayName: `policy ${n}` });
  const seen: string[] = [];
  let token = "";
  do {
    const { body } = await emulator.call(
      "GET",
      `${POLICIES}?pageSize=2&orderBy=-display_name&pageToken=${token}`,
    );
    expect(body.totalSize).toBe(5);
    seen.push(...body.alertPolicies.map((policy: Body) => policy.displayName));
    token = body.nextPageToken ?? "";
  } while (token !== "");
  expect(seen).toEqual(["policy 4", "policy 3", "policy 2", "policy 1", "policy 0"]);
});

test.each([
  ['display_name="services/CmsDown"', 1],
  ['displayName = starts_with("services/")', 1],
  ['user_labels.group="services" AND severity="CRITICAL"', 1],
  ['user_labels="group"', 1],
  ['NOT user_labels.group="services"', 1],
  ['display_name=monitoring.regex.full_match("C.U") OR severity="CRITICAL"', 2],
  ['display_name:"cmsdown"', 1],
  ['display_name != "CPU"', 1],
  ["enabled=false", 0],
])("a list with filter %s finds %d of two policies", async (filter, count) => {
  await create(promqlPolicy());
  await create(thresholdPolicy());
  const { body } = await emulator.call("GET", `${POLICIES}?filter=${encodeURIComponent(filter)}`);
  expect(body.alertPolicies ?? []).toHaveLength(count);
});

test.each([
  [
    "filter=display_name==x",
    "Could not parse filter \"display_name==x\"; syntax error at line 1, column 14, token '='",
  ],
  ["pageSize=-1", 'Field page_size had an invalid value of "-1": must not be negative.'],
  ["pageToken=x", 'Field page_token had an invalid value of "x": must be the next_page_token'],
  ["orderBy=a%20b", 'Field order_by had an invalid value of "a b": must be field names'],
  [
    "colour=red",
    "Unknown name \"colour\": Cannot bind query parameter. Field 'colour' could not be found",
  ],
])("fails on a list with %s", async (query, message) => {
  const { status, body } = await emulator.call("GET", `${POLICIES}?${query}`);
  expect(status).toBe(400);
  expect(body.error.message).toContain(message);
});

test("a project is found by its number, and keeps to itself", async () => {
  const created = await create(promqlPolicy());
  const byNumber = `/v3/projects/${projectNumber("demo")}/alertPolicies`;
  expect((await emulator.call("GET", byNumber)).body.alertPolicies).toEqual([created]);
  expect((await emulator.call("GET", "/v3/projects/other/alertPolicies")).body).toEqual({});
});
