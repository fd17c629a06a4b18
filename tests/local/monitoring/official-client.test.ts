import type { AddressInfo } from "node:net";
import {
  AlertPolicyServiceClient,
  NotificationChannelServiceClient,
} from "@google-cloud/monitoring";
import { serve, type ServerType } from "@hono/node-server";
import { PassThroughClient } from "google-auth-library";
import { startEmulator, type Emulator } from "./emulator.ts";
import { promqlPolicy } from "./policies.ts";

const name = "projects/demo";

let emulator: Emulator;
let server: ServerType;
let policies: AlertPolicyServiceClient;
let channels: NotificationChannelServiceClient;

beforeAll(async () => {
  emulator = await startEmulator();
  const port = await new Promise<number>((listening) => {
    server = serve(
      { fetch: emulator.app.fetch, hostname: "127.0.0.1", port: 0 },
      (address: AddressInfo) => listening(address.port),
    );
  });
  const options = {
    fallback: true,
    protocol: "http",
    apiEndpoint: "127.0.0.1",
    port,
    // Else it would import its own fetch, which jest cannot.
    authClient: new PassThroughClient({ transporterOptions: { fetchImplementation: fetch } }),
  };
  policies = new AlertPolicyServiceClient(options);
  channels = new NotificationChannelServiceClient(options);
});

afterAll(async () => {
  await Promise.all([policies.close(), channels.close()]);
  server.close();
  emulator.remove();
});

test("Google's own client creates, reads, updates, lists and deletes", async () => {
  const [channel] = await channels.createNotificationChannel({
    name,
    notificationChannel: { type: "email", labels: { email_address: "ops@example.com" } },
  });
  expect(channel.enabled).toEqual({ value: true });

  const [created] = await policies.createAlertPolicy({
    name,
    alertPolicy: {
      displayName: "CmsDown",
      combiner: "OR",
      notificationChannels: [channel.name!],
      conditions: [
        {
          displayName: "c",
          conditionPrometheusQueryLanguage: { query: "up < 1", duration: { seconds: 120 } },
        },
      ],
    },
  });
  expect(created.name).toMatch(/^projects\/demo\/alertPolicies\/\d+$/);
  expect(created.combiner).toBe("OR");
  expect(created.conditions![0]!.conditionPrometheusQueryLanguage!.duration).toMatchObject({
    seconds: "120",
  });

  const [read] = await policies.getAlertPolicy({ name: created.name! });
  expect(read).toEqual(created);

  const [updated] = await policies.updateAlertPolicy({
    updateMask: { paths: ["display_name", "severity"] },
    alertPolicy: {
      name: created.name!,
      displayName: "Renamed",
      severity: "ERROR",
      combiner: "AND",
    },
  });
  expect(updated).toMatchObject({ displayName: "Renamed", severity: "ERROR", combiner: "OR" });
  expect(updated.conditions).toEqual(created.conditions);

  await expect(channels.deleteNotificationChannel({ name: channel.name! })).rejects.toMatchObject({
    code: 3,
  });
  await policies.deleteAlertPolicy({ name: created.name! });
  await channels.deleteNotificationChannel({ name: channel.name!, force: true });
  await expect(policies.getAlertPolicy({ name: created.name! })).rejects.toMatchObject({ code: 5 });
});

test("Google's own client walks the pages of a list", async () => {
  for (const displayName of ["a", "b", "c"]) {
    await emulator.call("POST", `/v3/${name}/alertPolicies`, { ...promqlPolicy(), displayName });
  }
  const seen: string[] = [];
  const request = { name, pageSize: 1, orderBy: "display_name" };
  for await (const policy of policies.listAlertPoliciesAsync(request, { autoPaginate: false })) {
    seen.push(policy.displayName!);
  }
  expect(seen).toEqual(["a", "b", "c"]);
  const [found] = await policies.listAlertPolicies({ name, filter: 'display_name="b"' });
  expect(found).toHaveLength(1);
});

test("fails in Google's own client with the code and the words of the API", async () => {
  await expect(
    policies.createAlertPolicy({ name, alertPolicy: { displayName: "x", combiner: "OR" } }),
  ).rejects.toMatchObject({
    code: 3,
    message: expect.stringContaining("Request was missing field alert_policy.conditions"),
  });
});
