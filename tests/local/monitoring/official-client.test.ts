import type { AddressInfo } from "node:net";
import {
  AlertPolicyServiceClient,
  GroupServiceClient,
  MetricServiceClient,
  NotificationChannelServiceClient,
  ServiceMonitoringServiceClient,
  UptimeCheckServiceClient,
} from "@google-cloud/monitoring";
import { DashboardsServiceClient } from "@google-cloud/monitoring-dashboards";
import { serve, type ServerType } from "@hono/node-server";
import { PassThroughClient } from "google-auth-library";
import { startEmulator, type Emulator } from "./emulator.ts";
import { promqlPolicy } from "./policies.ts";

const name = "projects/demo";

let emulator: Emulator;
let server: ServerType;
let policies: AlertPolicyServiceClient;
let channels: NotificationChannelServiceClient;
let services: ServiceMonitoringServiceClient;
let checks: UptimeCheckServiceClient;
let groups: GroupServiceClient;
let metrics: MetricServiceClient;
let dashboards: DashboardsServiceClient;

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
  services = new ServiceMonitoringServiceClient(options);
  checks = new UptimeCheckServiceClient(options);
  groups = new GroupServiceClient(options);
  metrics = new MetricServiceClient(options);
  // Of an older release, whose types do not know the newer authentication library that works with it.
  dashboards = new DashboardsServiceClient(options as never);
});

afterAll(async () => {
  const clients = [policies, channels, services, checks, groups, metrics, dashboards];
  await Promise.all(clients.map((client) => client.close()));
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

test("Google's own clients keep services and their objectives", async () => {
  const [service] = await services.createService({
    parent: name,
    serviceId: "cms",
    service: { displayName: "CMS", custom: {} },
  });
  expect(service.name).toMatch(/^projects\/\d{12}\/services\/cms$/);
  const [objective] = await services.createServiceLevelObjective({
    parent: service.name!,
    serviceLevelObjectiveId: "up",
    serviceLevelObjective: {
      goal: 0.99,
      calendarPeriod: "WEEK",
      serviceLevelIndicator: {
        windowsBased: {
          windowPeriod: { seconds: 300 },
          goodBadMetricFilter: 'metric.type="custom.googleapis.com/up" resource.type="global"',
        },
      },
    },
  });
  const [changed] = await services.updateServiceLevelObjective({
    serviceLevelObjective: { name: objective.name!, goal: 0.9 },
    updateMask: { paths: ["goal"] },
  });
  expect(changed).toEqual({ ...objective, goal: 0.9 });
  const [listed] = await services.listServiceLevelObjectives({ parent: service.name! });
  expect(listed).toEqual([changed]);
  await services.deleteService({ name: service.name! });
  await expect(services.getService({ name: service.name! })).rejects.toMatchObject({ code: 5 });
});

test("Google's own clients keep uptime checks, groups and descriptors", async () => {
  const [check] = await checks.createUptimeCheckConfig({
    parent: name,
    uptimeCheckConfig: {
      displayName: "front",
      timeout: { seconds: 10 },
      period: { seconds: 300 },
      tcpCheck: { port: 443 },
      monitoredResource: {
        type: "uptime_url",
        labels: { host: "example.com", project_id: "demo" },
      },
    },
  });
  const [read] = await checks.getUptimeCheckConfig({ name: check.name! });
  expect(read).toEqual(check);
  await checks.deleteUptimeCheckConfig({ name: check.name! });

  const [group] = await groups.createGroup({
    name,
    group: { displayName: "pods", filter: 'resource.type="k8s_pod"' },
  });
  const [renamed] = await groups.updateGroup({ group: { ...group, displayName: "all pods" } });
  expect(renamed).toEqual({ ...group, displayName: "all pods" });
  await groups.deleteGroup({ name: group.name! });

  const type = "custom.googleapis.com/shop/orders";
  const [descriptor] = await metrics.createMetricDescriptor({
    name,
    metricDescriptor: { type, metricKind: "GAUGE", valueType: "INT64" },
  });
  expect(descriptor.name).toBe(`${name}/metricDescriptors/${type}`);
  await metrics.deleteMetricDescriptor({ name: descriptor.name! });
  await expect(metrics.getMetricDescriptor({ name: descriptor.name! })).rejects.toMatchObject({
    code: 5,
  });
});

test("Google's own client keeps dashboards", async () => {
  const [created] = await dashboards.createDashboard({
    parent: name,
    dashboard: {
      displayName: "Stack",
      gridLayout: {
        widgets: [
          { xyChart: { dataSets: [{ timeSeriesQuery: { prometheusQuery: "up" } }] } },
          { text: { content: "Hello" } },
        ],
      },
    },
  });
  const [changed] = await dashboards.updateDashboard({
    dashboard: { ...created, displayName: "Renamed" },
  });
  expect(changed).toEqual({ ...created, displayName: "Renamed", etag: expect.any(String) });
  expect(changed.etag).not.toBe(created.etag);
  await dashboards.deleteDashboard({ name: created.name! });
  await expect(dashboards.getDashboard({ name: created.name! })).rejects.toMatchObject({
    code: 404,
  });
});
