import { waitFor } from "../wait.ts";
import { callApi, readApi } from "./api.ts";
import { nodeName } from "./plan.ts";

/** How long pods may take to end, in seconds. */
const PATIENCE = 60;

interface Pod {
  readonly metadata: { readonly name: string; readonly namespace: string };
}

/** Lets the node take pods (again). */
export async function uncordon(): Promise<void> {
  await setUnschedulable(false);
}

/**
 * Ends all pods in order, as a deletion does: SIGTERM, their grace, volumes and links taken away. Their controllers
 * make them anew, and those wait until {@link uncordon}.
 *
 * @param detail hears how many are left.
 * @throws Error if the API server does not answer, or pods are left after a minute.
 */
export async function drain(detail: (text: string) => void): Promise<void> {
  await setUnschedulable(true);
  const doomed = await podsOnNode();
  await Promise.all(
    doomed.map(({ metadata: { name, namespace } }) =>
      callApi("DELETE", `/api/v1/namespaces/${namespace}/pods/${name}`),
    ),
  );
  await waitFor("end of all pods", PATIENCE, async () => {
    const { length } = await podsOnNode();
    detail(`${length} pods left`);
    return length === 0 || undefined;
  });
}

async function setUnschedulable(unschedulable: boolean): Promise<void> {
  const { status, body } = await callApi("PATCH", `/api/v1/nodes/${nodeName}`, {
    type: "application/merge-patch+json",
    body: { spec: { unschedulable } },
  });
  if (status !== 200)
    throw new Error(`the node must be found, got ${status}: ${body.slice(0, 300)}`);
}

async function podsOnNode(): Promise<Pod[]> {
  const { items } = await readApi<{ items: Pod[] }>(
    `/api/v1/pods?fieldSelector=spec.nodeName=${nodeName}`,
  );
  return items;
}
