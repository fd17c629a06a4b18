import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { NOW, startEmulator, type Body, type Emulator } from "./emulator.ts";
import { promqlPolicy } from "./policies.ts";

const CHANNELS = "/v3/projects/demo/notificationChannels";
const SECRET = "xoxb-very-secret";

let emulator: Emulator;

beforeEach(async () => {
  emulator = await startEmulator();
});
afterEach(() => emulator.remove());

const slack = (): Body => ({
  type: "slack",
  displayName: "On call",
  labels: { channel_name: "#ops", auth_token: SECRET },
  userLabels: { team: "platform" },
});

async function create(channel: Body): Promise<Body> {
  const { status, body } = await emulator.call("POST", CHANNELS, channel);
  expect([status, body]).toEqual([200, expect.anything()]);
  return body;
}

/** What lies on disk about the project. */
function stored(): string {
  return readFileSync(join(emulator.folder, "demo.json"), "utf8");
}

test("a channel comes back as sent, with a name, enabled and records, and without its credential", async () => {
  const created = await create(slack());
  expect(created).toEqual({
    ...slack(),
    labels: { channel_name: "#ops", auth_token: "**********" },
    name: expect.stringMatching(/^projects\/demo\/notificationChannels\/\d{19,20}$/),
    enabled: true,
    creationRecord: { mutateTime: NOW },
    mutationRecords: [{ mutateTime: NOW, mutatedBy: "user@example.com" }],
  });
  expect((await emulator.call("GET", `/v3/${created.name}`)).body).toEqual(created);
  expect((await emulator.call("GET", CHANNELS)).body).toEqual({
    notificationChannels: [created],
    totalSize: 1,
  });
});

test.each<[string, Body]>([
  ["email", { email_address: "ops@example.com" }],
  ["sms", { number: "+34911000000" }],
  ["pagerduty", { service_key: "k" }],
  ["pubsub", { topic: "projects/p/topics/t" }],
  ["google_chat", { space: "spaces/AAAA" }],
  ["webhook_basicauth", { url: "https://example.com/hook", username: "u", password: "p" }],
  ["webhook_tokenauth", { url: "http://127.0.0.1:8080/hook?token=t" }],
])("a channel of type %s is accepted", async (type, labels) => {
  await create({ type, labels });
});

test("credentials are on disk, for their owner only, and in no answer and no log", async () => {
  const { name } = await create(slack());
  await emulator.call("PATCH", `/v3/${name}?access_token=${SECRET}`, {
    ...slack(),
    displayName: "x",
  });
  await emulator.call("POST", CHANNELS, { ...slack(), labels: { auth_token: SECRET } });
  expect(stored()).toContain(SECRET);
  for (const file of readdirSync(emulator.folder)) {
    expect(statSync(join(emulator.folder, file)).mode & 0o777).toBe(0o600);
  }
  expect(emulator.log).toHaveLength(3);
  expect(JSON.stringify(emulator.log)).not.toContain(SECRET);
  expect(JSON.stringify((await emulator.call("GET", CHANNELS)).body)).not.toContain(SECRET);
});

test("an update without a mask replaces the channel", async () => {
  const { name } = await create(slack());
  const { body } = await emulator.call("PATCH", `/v3/${name}`, {
    ...slack(),
    labels: { channel_name: "#ops", auth_token: "xoxb-new" },
    userLabels: {},
    enabled: false,
  });
  expect(body).toMatchObject({ name, enabled: false });
  expect(body).not.toHaveProperty("userLabels");
  expect(body.mutationRecords).toHaveLength(2);
  expect(stored()).toContain("xoxb-new");
  expect(stored()).not.toContain(SECRET);
});

test("a caller that sends back what it read does not destroy the credential", async () => {
  const created = await create(slack());
  await emulator.call("PATCH", `/v3/${created.name}`, { ...created, displayName: "Renamed" });
  await emulator.call("PATCH", `/v3/${created.name}?updateMask=description`, { description: "d" });
  const { body } = await emulator.call("GET", `/v3/${created.name}`);
  expect(body).toMatchObject({ displayName: "Renamed", description: "d" });
  expect(stored()).toContain(SECRET);
});

test("a list is filtered by type and label", async () => {
  await create(slack());
  await create({ type: "email", labels: { email_address: "ops@example.com" } });
  const found = async (filter: string): Promise<number> => {
    const { body } = await emulator.call("GET", `${CHANNELS}?filter=${encodeURIComponent(filter)}`);
    return body.totalSize ?? 0;
  };
  expect(await found('type="email"')).toBe(1);
  expect(
    await found('type="slack" AND labels.channel_name="#ops" AND user_labels.team="platform"'),
  ).toBe(1);
  expect(await found(`labels.auth_token="${SECRET}"`)).toBe(0);
});

test("fails on deleting a channel that a policy uses, and force takes it out of the policy", async () => {
  const [channel, other] = [await create(slack()), await create(slack())];
  const policy = promqlPolicy();
  policy.notificationChannels = [channel.name, other.name];
  policy.alertStrategy.notificationChannelStrategy = [
    { notificationChannelNames: [channel.name, other.name], renotifyInterval: "3600s" },
  ];
  const { body: made } = await emulator.call("POST", "/v3/projects/demo/alertPolicies", policy);

  for (const query of ["", "?force=false"]) {
    const { status, body } = await emulator.call("DELETE", `/v3/${channel.name}${query}`);
    expect([status, body.error.message]).toEqual([
      400,
      `Could not delete "${channel.name}" because it is still being referenced by: "${made.name}"`,
    ]);
  }
  expect(await emulator.call("DELETE", `/v3/${channel.name}?force=true`)).toEqual({
    status: 200,
    body: {},
  });
  const { body: left } = await emulator.call("GET", `/v3/${made.name}`);
  expect(left.notificationChannels).toEqual([other.name]);
  expect(left.alertStrategy.notificationChannelStrategy[0].notificationChannelNames).toEqual([
    other.name,
  ]);
  expect((await emulator.call("GET", `/v3/${channel.name}`)).status).toBe(404);
});

test.each<[string, Body, string]>([
  ["no type", { labels: {} }, "Request was missing field notification_channel.type"],
  [
    "an unknown type",
    { type: "pigeon" },
    'Field notification_channel.type had an invalid value of "pigeon": must be one of',
  ],
  [
    "no credential",
    { type: "slack", labels: { channel_name: "#a" } },
    "Request was missing field notification_channel.labels[auth_token]",
  ],
  [
    "an empty credential",
    { type: "pagerduty", labels: { service_key: "" } },
    "Field notification_channel.labels[service_key] had an invalid value: Value must NOT be empty if provided.",
  ],
  [
    "an unknown label",
    { type: "webhook_tokenauth", labels: { url: "http://a/", auth_token: "t" } },
    'Field notification_channel.labels had an invalid value of "auth_token": Channels of type "webhook_tokenauth" have no such label.',
  ],
  [
    "an address that is none",
    { type: "email", labels: { email_address: "ops" } },
    "Field notification_channel.labels[email_address] had an invalid value: Value must match",
  ],
  [
    "a name",
    { ...slack(), name: "projects/demo/notificationChannels/x" },
    'Field notification_channel.name.channel_id_part had an invalid value of "x": Field must be empty.',
  ],
  [
    "a verification status",
    { ...slack(), verificationStatus: "VERIFIED" },
    'Field notification_channel.verification_status had an invalid value of "VERIFIED": Field must be empty.',
  ],
  [
    "a long display name",
    { ...slack(), displayName: "x".repeat(513) },
    "must not exceed 512 characters, has 513.",
  ],
  [
    "a long description",
    { ...slack(), description: "x".repeat(1025) },
    "must not exceed 1024 characters, has 1025.",
  ],
  [
    "a wrong user label",
    { ...slack(), userLabels: { Team: "x" } },
    "Label keys must begin with a letter",
  ],
  [
    "an unknown field",
    { ...slack(), sensitiveLabels: { authToken: "t" } },
    `Unknown name "sensitiveLabels" at 'notification_channel': Cannot find field.`,
  ],
])("fails on a channel with %s", async (_what, channel, message) => {
  const { status, body } = await emulator.call("POST", CHANNELS, channel);
  expect(status).toBe(400);
  expect(body.error.message).toContain(message);
});
