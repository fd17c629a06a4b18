import { PodMetrics } from "../../infra/pod-metrics.ts";
import { registrationsOf } from "../mocks.ts";

test("reads each service under its own name as job", async () => {
  expect(
    await registrationsOf(
      () => new PodMetrics("metrics", { namespace: "prod", services: ["cms"] }),
    ),
  ).toEqual([
    { path: "marketing-stack:infra:PodMetrics::metrics", inputs: {} },
    {
      path: "marketing-stack:infra:PodMetrics$kubernetes:monitoring.googleapis.com/v1:PodMonitoring::metrics-cms",
      inputs: {
        apiVersion: "monitoring.googleapis.com/v1",
        kind: "PodMonitoring",
        metadata: { name: "cms", namespace: "prod" },
        spec: {
          endpoints: [{ interval: "15s", path: "/metrics", port: "http" }],
          selector: { matchLabels: { "app.kubernetes.io/name": "cms" } },
          targetLabels: {
            fromPod: [{ from: "app.kubernetes.io/name", to: "service" }],
            metadata: ["pod", "container"],
          },
        },
      },
    },
  ]);
});
