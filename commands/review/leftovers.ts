import { callApi, readApi } from "../../local/cluster/api.ts";
import { waitFor } from "../../local/wait.ts";

// A killed engine may have made objects that it never wrote down: a destroyed stack can leave them behind.

/** How long the cluster may take to empty a namespace and to delete its volumes, in seconds. */
const PATIENCE = 120;

/**
 * Removes a stack's namespace from the cluster of this machine, and waits until its volumes are gone too.
 *
 * @throws Error naming what is still there.
 */
export async function removeNamespace(stack: string): Promise<void> {
  const path = `/api/v1/namespaces/${stack}`;
  const { status, body } = await callApi("DELETE", path);
  // 409: it is on its way out.
  if (status >= 300 && status !== 404 && status !== 409) {
    throw new Error(`namespace ${stack} must go, got ${status}: ${body.slice(0, 500)}`);
  }
  await waitFor(`the end of namespace ${stack}`, PATIENCE, async () =>
    (await callApi("GET", path)).status === 404 ? true : undefined,
  );
  await waitFor(`the end of the volumes of ${stack}`, PATIENCE, async () =>
    (await volumesOf(stack)) === 0 ? true : undefined,
  );
}

async function volumesOf(namespace: string): Promise<number> {
  const { items } = await readApi<{
    items: { spec: { claimRef?: { namespace: string } } }[];
  }>("/api/v1/persistentvolumes");
  return items.filter(({ spec }) => spec.claimRef?.namespace === namespace).length;
}
