import { targetsOf, type ScrapablePod } from "../../../local/prometheus/targets.ts";

const pod: ScrapablePod = {
  metadata: {
    name: "collector-0",
    namespace: "dev",
    annotations: {
      "prometheus.io/scrape": "true",
      "prometheus.io/port": "8080",
      "prometheus.io/path": "/m",
    },
    labels: { "app.kubernetes.io/name": "collector", "app.kubernetes.io/version": "abc" },
  },
  status: { phase: "Running", podIP: "10.244.0.7" },
};

test("a pod that asks for it is scraped where it says, with its service's name", () => {
  expect(targetsOf([pod])).toEqual([
    {
      targets: ["10.244.0.7:8080"],
      labels: {
        job: "collector",
        service: "collector",
        namespace: "dev",
        pod: "collector-0",
        version: "abc",
        __metrics_path__: "/m",
      },
    },
  ]);
});

test("port, path and name have defaults", () => {
  const metadata = { name: "a", namespace: "dev", annotations: { "prometheus.io/scrape": "true" } };
  expect(targetsOf([{ ...pod, metadata }])).toEqual([
    {
      targets: ["10.244.0.7:80"],
      labels: {
        job: "a",
        service: "a",
        namespace: "dev",
        pod: "a",
        version: "",
        __metrics_path__: "/metrics",
      },
    },
  ]);
});

test.each<[string, ScrapablePod]>([
  ["does not ask for it", { ...pod, metadata: { name: "a", namespace: "dev" } }],
  ["has no address yet", { ...pod, status: { phase: "Pending" } }],
  ["has ended", { ...pod, status: { phase: "Succeeded", podIP: "10.244.0.7" } }],
])("a pod that %s is not scraped", (_, other) => {
  expect(targetsOf([other])).toEqual([]);
});

test("the order does not depend on the API server's", () => {
  const other: ScrapablePod = { ...pod, metadata: { ...pod.metadata, namespace: "aaa" } };
  expect(targetsOf([pod, other])).toEqual(targetsOf([other, pod]));
});
