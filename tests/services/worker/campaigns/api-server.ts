import { writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { CampaignStatus } from "../../../../services/worker/campaigns/resource.ts";
import { fakeCluster, type FakeCluster } from "./fake-cluster.ts";

/** The namespace that a worker is in by itself. */
const NAMESPACE = "dev";
const CAMPAIGNS = `/apis/marketing.stack/v1alpha1/namespaces/${NAMESPACE}/campaigns`;
const CORE = `/api/v1/namespaces/${NAMESPACE}`;

/** A Kubernetes API server that knows one namespace. */
export interface ApiServer {
  readonly cluster: FakeCluster;
  /** Path of the kubeconfig that leads to it. */
  readonly kubeconfig: string;
  stop(): Promise<void>;
}

/** Starts one on 127.0.0.1, with its kubeconfig in `folder`. */
export async function startApiServer(folder: string): Promise<ApiServer> {
  const cluster = fakeCluster();
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const kubeconfig = join(folder, "kubeconfig");
  writeFileSync(
    kubeconfig,
    JSON.stringify({
      apiVersion: "v1",
      kind: "Config",
      clusters: [
        {
          name: "tests",
          // Else the client wants TLS.
          cluster: { server: `http://127.0.0.1:${port}`, "insecure-skip-tls-verify": true },
        },
      ],
      users: [{ name: "worker", user: { token: "token" } }],
      contexts: [{ name: "tests", context: { cluster: "tests", user: "worker" } }],
      "current-context": "tests",
    }),
  );
  return {
    cluster,
    kubeconfig,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = "";
    for await (const chunk of request) text += chunk;
    const found = await route(request, (text === "" ? {} : JSON.parse(text)) as object);
    response
      .writeHead(found ? 200 : 404, { "content-type": "application/json" })
      .end(JSON.stringify(found ?? { message: "not found" }));
  }

  async function route(
    { method, url, headers }: IncomingMessage,
    body: object,
  ): Promise<object | undefined> {
    const path = url!.split("?")[0]!;
    switch (`${method} ${path}`) {
      case `GET ${CAMPAIGNS}`:
        return { items: await cluster.campaigns() };
      case `GET ${CORE}`: {
        const stopped = { "marketing.stack/outbound": "stopped" };
        const annotations = (await cluster.isOutboundStopped()) ? stopped : {};
        return { metadata: { name: NAMESPACE, annotations } };
      }
      case `POST ${CORE}/events`: {
        const { type, reason, message, involvedObject } = body as {
          type: "Normal";
          reason: string;
          message: string;
          involvedObject: { name: string };
        };
        const campaign = { metadata: involvedObject } as never;
        await cluster.tell({ campaign, type, reason, message });
        return body;
      }
    }
    const name = new RegExp(`^${CAMPAIGNS}/([a-z0-9-]+)/status$`).exec(path)?.[1];
    const isMerge = headers["content-type"] === "application/merge-patch+json";
    if (method !== "PATCH" || name === undefined || !isMerge) return undefined;
    await cluster.writeStatus(name, (body as { status: CampaignStatus }).status);
    return {};
  }
}
