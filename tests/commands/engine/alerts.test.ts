import type { AddressInfo } from "node:net";
import { serve, type ServerType } from "@hono/node-server";
import { removeUnknownAlerts } from "../../../commands/engine/alerts.ts";
import { startEmulator, type Body, type Emulator } from "../../local/monitoring/emulator.ts";
import { promqlPolicy } from "../../local/monitoring/policies.ts";

const OURS = { app: "marketing-stack", env: "test-shop" };

let emulator: Emulator;
let server: ServerType;
let endpoint: string;

beforeEach(async () => {
  emulator = await startEmulator();
  server = serve({ fetch: emulator.app.fetch, hostname: "127.0.0.1", port: 0 });
  await new Promise((resolve) => server.once("listening", resolve));
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterEach(() => {
  server.close();
  emulator.remove();
});

async function create(kind: string, body: Body): Promise<string> {
  const created = await emulator.call("POST", `/v3/projects/demo/${kind}`, body);
  expect(created.status).toBe(200);
  return created.body.name;
}

const channel = (userLabels: Body = OURS): Promise<string> =>
  create("notificationChannels", {
    type: "email",
    labels: { email_address: "team@example.com" },
    userLabels,
  });

const policy = (notificationChannels: string[], userLabels: Body = OURS): Promise<string> =>
  create("alertPolicies", { ...promqlPolicy(), notificationChannels, userLabels });

const remove = (known: string[]): Promise<string[]> =>
  removeUnknownAlerts("test-shop", new Set(known), { endpoint, headers: {}, project: "demo" });

test("uptime checks, services, objectives and dashboards that nobody wrote down go", async () => {
  const service = (userLabels: Body): Promise<string> =>
    create("services", { displayName: "CMS", custom: {}, userLabels });
  const objective = (of: string, userLabels: Body): Promise<string> =>
    create(`services/${of.split("/").pop()}/serviceLevelObjectives`, {
      goal: 0.999,
      rollingPeriod: "2592000s",
      serviceLevelIndicator: { basicSli: { availability: {} } },
      userLabels,
    });
  const dashboard = async (labels: Body): Promise<string> => {
    const body = { displayName: "CMS", labels, gridLayout: {} };
    return (await emulator.call("POST", "/v1/projects/demo/dashboards", body)).body.name;
  };
  const check = (userLabels: Body): Promise<string> =>
    create("uptimeCheckConfigs", {
      displayName: "cms",
      timeout: "10s",
      monitoredResource: { type: "uptime_url", labels: { host: "127.0.0.1", project_id: "demo" } },
      httpCheck: {},
      userLabels,
    });
  const known = [await service(OURS), await dashboard(OURS), await check(OURS)];
  known.push(await objective(known[0]!, OURS));
  await service({ ...OURS, env: "test-other" });
  await dashboard({});
  await check({ ...OURS, env: "test-other" });
  const lost = [
    await service(OURS),
    await objective(known[0]!, OURS),
    await check(OURS),
    await dashboard(OURS),
  ];
  await objective(lost[0]!, OURS);
  expect(await remove(known)).toEqual(lost);
  expect(await remove(known)).toEqual([]);
});

async function left(): Promise<string[]> {
  const names: string[] = [];
  for (const kind of ["alertPolicies", "notificationChannels"]) {
    const { body } = await emulator.call("GET", `/v3/projects/demo/${kind}`);
    names.push(...(body[kind] ?? []).map(({ name }: Body) => name));
  }
  return names.sort();
}

test("what nobody wrote down goes, and policies before the channels they notify", async () => {
  const lost = await channel();
  const lostPolicy = await policy([lost]);
  const known = await channel();
  const knownPolicy = await policy([known]);
  expect(await remove([known, knownPolicy])).toEqual([lostPolicy, lost]);
  expect(await left()).toEqual([knownPolicy, known].sort());
});

test("what is of another stack or of nobody stays", async () => {
  const names = [
    await channel({ ...OURS, env: "test-other" }),
    await policy([], { ...OURS, env: "test-other" }),
    await policy([], {}),
  ];
  expect(await remove([])).toEqual([]);
  expect(await left()).toEqual(names.sort());
});

test("a channel that somebody else's policy notifies stays, and nothing fails", async () => {
  const used = await channel();
  const theirs = await policy([used], {});
  const lost = await policy([used]);
  expect(await remove([])).toEqual([lost]);
  expect(await left()).toEqual([theirs, used].sort());
});
