import { once } from "node:events";
import { rename, writeFile } from "node:fs/promises";
import { request } from "node:https";
import type { IncomingMessage } from "node:http";
import { createInterface } from "node:readline";
import { json } from "node:stream/consumers";
import { readKubeconfig } from "../cluster/kubeconfig.ts";
import { targetsOf, type ScrapablePod } from "./targets.ts";

// Writes the targets of the cluster's pods to a file and follows their changes; ends with an error when it loses the
// API server, and is started again: `watch-pods.ts KUBECONFIG FILE`.

/** How long a watch lasts before it is begun anew, in seconds. */
const WATCH = 300;

interface PodList {
  readonly metadata: { readonly resourceVersion: string };
  readonly items: readonly ScrapablePod[];
}

const [kubeconfig, file] = process.argv.slice(2) as [string, string];
const { server, ...credentials } = await readKubeconfig(kubeconfig);
let written: string | undefined;

for (;;) {
  const list = (await json(await get("/api/v1/pods"))) as PodList;
  const pods = new Map(list.items.map((pod) => [keyOf(pod), pod]));
  await publish(pods.values());
  const version = list.metadata.resourceVersion;
  const changes = await get(
    `/api/v1/pods?watch=true&timeoutSeconds=${WATCH}&resourceVersion=${version}`,
  );
  for await (const line of createInterface({ input: changes })) {
    const { type, object } = JSON.parse(line) as { type: string; object: ScrapablePod };
    // Too old a version: listed again.
    if (type === "ERROR") break;
    if (type === "DELETED") pods.delete(keyOf(object));
    else pods.set(keyOf(object), object);
    await publish(pods.values());
  }
}

async function get(path: string): Promise<IncomingMessage> {
  const sent = request(new URL(path, server), { ...credentials, agent: false });
  sent.end();
  const [answer] = (await once(sent, "response")) as [IncomingMessage];
  if (answer.statusCode !== 200)
    throw new Error(`GET ${path} must answer 200, got ${answer.statusCode}`);
  return answer;
}

async function publish(pods: Iterable<ScrapablePod>): Promise<void> {
  const content = JSON.stringify(targetsOf(pods), undefined, 2);
  if (content === written) return;
  await writeFile(`${file}.new`, content, { mode: 0o600 });
  await rename(`${file}.new`, file);
  written = content;
}

function keyOf({ metadata: { namespace, name } }: ScrapablePod): string {
  return `${namespace}/${name}`;
}
