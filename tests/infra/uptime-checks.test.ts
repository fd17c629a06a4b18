import { UptimeChecks } from "../../infra/uptime-checks.ts";
import { registrationsOf } from "../mocks.ts";

test("asks each public host over HTTPS, and looks at its certificate", async () => {
  const args = {
    project: "prod-project",
    hosts: { cms: "cms.example.com", collector: "events.example.com" },
    labels: { env: "prod" },
  };
  const own = "marketing-stack:infra:UptimeChecks";
  const check = (service: string, host: string) => ({
    path: `${own}$gcp:monitoring/uptimeCheckConfig:UptimeCheckConfig::uptime-${service}`,
    inputs: {
      checkerType: "STATIC_IP_CHECKERS",
      displayName: service,
      httpCheck: { path: "/healthz/ready", port: 443, useSsl: true, validateSsl: true },
      monitoredResource: { labels: { host, project_id: "prod-project" }, type: "uptime_url" },
      period: "60s",
      project: "prod-project",
      timeout: "10s",
      userLabels: { env: "prod" },
    },
  });
  expect(await registrationsOf(() => new UptimeChecks("uptime", args))).toEqual([
    { path: `${own}::uptime`, inputs: {} },
    check("cms", "cms.example.com"),
    check("collector", "events.example.com"),
  ]);
});
