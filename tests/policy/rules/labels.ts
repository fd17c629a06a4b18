import type { Case } from "../case.ts";
import { bucket, database, deployment, pod, podCase, service, withSettings } from "../good.ts";

const WHY = "searches and bills go by it";
const nameOnly = { "app.kubernetes.io/name": "app" };
const got = 'got ["app.kubernetes.io/name"]';

/** Mutants of labels, each with its good twin. */
export const labelCases: readonly Case[] = [
  {
    ...podCase(
      "labels",
      "no instance",
      pod,
      `metadata.labels must hold app.kubernetes.io/instance, ${got}; ${WHY}`,
      `labels of the pods must hold app.kubernetes.io/instance, ${got}; ${WHY}`,
    ),
    mutant: deployment(pod, nameOnly),
  },
  {
    rule: "labels",
    what: "no name",
    type: "kubernetes:core/v1:Service",
    stack: "prod",
    good: service({ ports: [{ port: 80 }] }),
    mutant: { metadata: { name: "app", labels: { "app.kubernetes.io/instance": "app" } } },
    says: [
      `metadata.labels must hold app.kubernetes.io/name, got ["app.kubernetes.io/instance"]; ${WHY}`,
    ],
  },
  {
    rule: "labels",
    what: "no labels",
    type: "gcp:storage/bucket:Bucket",
    stack: "prod",
    good: bucket,
    mutant: { ...bucket, labels: {} },
    says: [`labels must hold app, got []; ${WHY}`, `labels must hold env, got []; ${WHY}`],
  },
  {
    rule: "labels",
    what: "no environment, in the settings",
    type: "gcp:sql/databaseInstance:DatabaseInstance",
    stack: "prod",
    good: database,
    mutant: withSettings({ userLabels: { app: "marketing-stack" } }),
    says: [`settings.userLabels must hold env, got ["app"]; ${WHY}`],
  },
];
