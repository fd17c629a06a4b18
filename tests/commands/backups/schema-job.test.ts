import { freshJob, type Job } from "../../../commands/backups/schema-job.ts";

const job = (name: string, creationTimestamp: string): Job => ({
  metadata: {
    ...{ name, namespace: "dev", creationTimestamp },
    labels: { "app.kubernetes.io/name": "database-schema", "job-name": name },
    annotations: { "pulumi.com/patchForce": "true" },
    ...{ uid: "1", resourceVersion: "2" },
  },
  spec: {
    ...{
      backoffLimit: 10,
      selector: { matchLabels: { "batch.kubernetes.io/controller-uid": "1" } },
    },
    template: {
      metadata: {
        labels: {
          "app.kubernetes.io/name": "database-schema",
          "batch.kubernetes.io/controller-uid": "1",
          "batch.kubernetes.io/job-name": name,
          "controller-uid": "1",
          "job-name": name,
        },
      },
    },
  },
});

test("the newest Job is made again without what the cluster gave to it", () => {
  const jobs = [job("new", "2026-02-01T00:00:00Z"), job("old", "2026-01-01T00:00:00Z")];
  const labels = { "app.kubernetes.io/name": "database-schema" };
  expect(freshJob(jobs, "dev")).toEqual({
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: {
      ...{ name: "new", namespace: "dev", labels },
      annotations: { "pulumi.com/patchForce": "true" },
    },
    spec: { backoffLimit: 10, template: { metadata: { labels } } },
  });
});

test("fails without one", () => {
  expect(() => freshJob([], "dev")).toThrow(
    "dev must have a Job database-schema, got none; npm run up -- --stack dev makes one",
  );
});
