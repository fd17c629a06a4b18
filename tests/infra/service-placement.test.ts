import { placementValues } from "../../infra/service-placement.ts";
import { Worker } from "../../infra/worker.ts";
import { registrationsOf } from "../mocks.ts";

const args = {
  namespace: "prod",
  image: "registry/worker:1",
  databaseUrl: { value: "postgres://worker", revision: "" },
  cmsApiToken: { value: "cms-token", revision: "" },
  webhookToken: { value: "webhook-token", revision: "" },
  replicas: 2,
};

test("without a placement a service is reached inside the cluster only, and the rest is the chart's", () => {
  expect(placementValues({})).toEqual({ nodePort: null });
});

test("the chart is told what it has a value for", () => {
  const account = "worker@example.com";
  expect(
    placementValues({
      nodePort: 30102,
      googleServiceAccount: account,
      leaveSeconds: 30,
      managedPrometheus: true,
    }),
  ).toEqual({ nodePort: 30102, googleServiceAccount: account, leaveSeconds: 30 });
});

test("Managed Prometheus reads the pods' metrics as a job of the service's name", async () => {
  const registrations = await registrationsOf(
    () => new Worker("worker", { ...args, managedPrometheus: true }),
  );
  expect(registrations.filter(({ path }) => path.includes("PodMonitoring"))).toEqual([
    {
      path: "marketing-stack:infra:Worker$kubernetes:monitoring.googleapis.com/v1:PodMonitoring::worker-monitoring",
      inputs: {
        apiVersion: "monitoring.googleapis.com/v1",
        kind: "PodMonitoring",
        metadata: { name: "worker", namespace: "prod" },
        spec: {
          selector: { matchLabels: { "app.kubernetes.io/name": "worker" } },
          endpoints: [{ port: "http", path: "/metrics", interval: "30s" }],
          targetLabels: {
            metadata: ["pod"],
            fromPod: [
              { from: "app.kubernetes.io/name", to: "service" },
              { from: "app.kubernetes.io/version", to: "version" },
            ],
          },
        },
      },
    },
  ]);
});
