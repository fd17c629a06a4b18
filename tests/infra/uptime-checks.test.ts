import { UptimeChecks } from "../../infra/uptime-checks.ts";
import { registrationsOf } from "../mocks.ts";

test("asks each address as people do, and holds a certificate to the host's name where it has one", async () => {
  const args = {
    project: "prod-project",
    urls: {
      cms: "https://cms.example.com",
      collector: "http://127.0.0.1:30101",
      "collector-tls": "https://127.0.0.1:30443",
    },
    labels: { env: "prod" },
  };
  const own = "marketing-stack:infra:UptimeChecks";
  const check = (service: string, host: string, httpCheck: object) => ({
    path: `${own}$gcp:monitoring/uptimeCheckConfig:UptimeCheckConfig::uptime-${service}`,
    inputs: {
      checkerType: "STATIC_IP_CHECKERS",
      displayName: service,
      httpCheck: { path: "/healthz/ready", ...httpCheck },
      monitoredResource: { labels: { host, project_id: "prod-project" }, type: "uptime_url" },
      period: "60s",
      project: "prod-project",
      timeout: "10s",
      userLabels: { env: "prod" },
    },
  });
  expect(await registrationsOf(() => new UptimeChecks("uptime", args))).toEqual([
    { path: `${own}::uptime`, inputs: {} },
    check("cms", "cms.example.com", { port: 443, useSsl: true, validateSsl: true }),
    check("collector", "127.0.0.1", { port: 30101, useSsl: false, validateSsl: false }),
    check("collector-tls", "127.0.0.1", { port: 30443, useSsl: true, validateSsl: false }),
  ]);
});
