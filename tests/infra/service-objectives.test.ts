import { ServiceObjectives } from "../../infra/service-objectives.ts";
import { registrationsOf } from "../mocks.ts";

const labels = { app: "marketing-stack", env: "dev" };
const objective = { title: "CMS", goal: 0.999, days: 30 };
const args = { project: "acme", labels, objectives: { cms: objective } };

test("creates one service and one objective per service, from what its pods count", async () => {
  const own = "marketing-stack:infra:ServiceObjectives";
  const requests =
    'metric.type="prometheus.googleapis.com/http_server_requests_total/counter" resource.type="prometheus_target" metric.labels.service="cms"';
  expect(await registrationsOf(() => new ServiceObjectives("objectives", args))).toEqual([
    { path: `${own}::objectives`, inputs: {} },
    {
      path: `${own}$gcp:monitoring/customService:CustomService::objectives-cms`,
      inputs: { project: "acme", serviceId: "cms", displayName: "CMS", userLabels: labels },
    },
    {
      path: `${own}$gcp:monitoring/slo:Slo::objectives-cms-availability`,
      inputs: {
        project: "acme",
        service: "cms",
        sloId: "availability",
        displayName: "CMS: 99.9 % of requests do not fail, in 30 days",
        goal: 0.999,
        rollingPeriodDays: 30,
        requestBasedSli: {
          goodTotalRatio: {
            badServiceFilter: `${requests} metric.labels.code=monitoring.regex.full_match("5..")`,
            totalServiceFilter: requests,
          },
        },
        userLabels: labels,
      },
    },
  ]);
});

test.each([
  [{ goal: 1 }, "goal of cms must be over 0 and 0.9999 at most, got 1"],
  [{ days: 31 }, "days of cms must be a whole number from 1 to 30, got 31"],
])("fails on %p, which the API would refuse", async (wrong, message) => {
  const objectives = { cms: { ...objective, ...wrong } };
  await expect(
    registrationsOf(() => new ServiceObjectives("objectives", { ...args, objectives })),
  ).rejects.toThrow(message);
});
