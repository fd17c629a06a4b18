import { readState, type StateResource } from "../../commands/engine/state.ts";
import { runProcess } from "../e2e/command.ts";
import { monitoredOf } from "../e2e/monitored.ts";
import { kubectl } from "../e2e/stack.ts";

/** Kinds of objects that programs declare. */
const KINDS = [
  "ConfigMap",
  "Deployment",
  "Job",
  "NetworkPolicy",
  "PodDisruptionBudget",
  "Secret",
  "Service",
  "ServiceAccount",
  "StatefulSet",
];

/** What Kubernetes makes in every namespace by itself. */
const ITS_OWN = ["ConfigMap/kube-root-ca.crt", "ServiceAccount/default"];

/**
 * Compares what a stack's state names with what is really there: objects of its namespace, and what Cloud Monitoring keeps of its project.
 *
 * @returns what is missing (`-`) and what nobody knows of (`+`), a line each; plugins that still run count as unknown.
 */
export async function differences(stack: string): Promise<string[]> {
  const { resources } = await readState(stack, {});
  const found = [...(await objectsOf(stack)), ...(await monitoredOf(stack))];
  const expected = resources.filter(({ custom }) => custom).flatMap(nameOf);
  const plugins = await runProcess("pgrep", [
    "--full",
    `^${process.env.PULUMI_HOME}/plugins/|@pulumi/pulumi/cmd/run-plugin/`,
  ]);
  return [
    ...expected.filter((name) => !found.includes(name)).map((name) => `- ${name}`),
    ...found.filter((name) => !expected.includes(name)).map((name) => `+ ${name}`),
    ...plugins.stdout
      .split("\n")
      .filter(Boolean)
      .map((pid) => `+ plugin of process ${pid}`),
  ].sort();
}

function nameOf({ type, id = "" }: StateResource): string[] {
  if (type.startsWith("gcp:monitoring/")) return [id];
  const kind = type.split(":").at(-1)!;
  return type.startsWith("kubernetes:") && KINDS.includes(kind)
    ? [`${kind}/${id.split("/").at(-1)}`]
    : [];
}

async function objectsOf(namespace: string): Promise<string[]> {
  const text = await kubectl(`--namespace=${namespace}`, "get", KINDS.join(","), "--output=json");
  const { items } = JSON.parse(text) as { items: { kind: string; metadata: { name: string } }[] };
  return items
    .map(({ kind, metadata }) => `${kind}/${metadata.name}`)
    .filter((name) => !ITS_OWN.includes(name));
}
