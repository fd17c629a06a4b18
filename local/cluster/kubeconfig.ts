import { readFile } from "node:fs/promises";
import { authorityPath, keyPair } from "./pki.ts";

/**
 * The content of a kubeconfig for one user of the platform's API server; self-contained.
 *
 * @param server URL of the API server.
 * @param user name of the user; `group` what it is a member of.
 */
export async function kubeconfigFor(server: string, user: string, group?: string): Promise<string> {
  const pair = await keyPair(`user-${user.replaceAll(":", "-")}`, {
    authority: "cluster",
    name: user,
    ...(group ? { group } : {}),
  });
  const [authority, certificate, key] = await Promise.all(
    [authorityPath("cluster"), pair.certificate, pair.key].map((path) => readFile(path, "base64")),
  );
  const name = "marketing-stack";
  return JSON.stringify(
    {
      apiVersion: "v1",
      kind: "Config",
      clusters: [{ name, cluster: { server, "certificate-authority-data": authority } }],
      users: [{ name, user: { "client-certificate-data": certificate, "client-key-data": key } }],
      contexts: [{ name, context: { cluster: name, user: name } }],
      "current-context": name,
    },
    undefined,
    2,
  );
}

/** Where an API server is and how to prove who asks, as `https.request` takes it. */
export interface ApiConnection {
  /** URL. */
  readonly server: string;
  readonly ca: Buffer;
  readonly cert: Buffer;
  readonly key: Buffer;
}

/**
 * The content of a kubeconfig that {@link kubeconfigFor} made.
 *
 * @throws Error if there is no file at `path`.
 */
export async function readKubeconfig(path: string): Promise<ApiConnection> {
  const { clusters, users } = JSON.parse(await readFile(path, "utf8"));
  const decoded = (base64: string): Buffer => Buffer.from(base64, "base64");
  return {
    server: clusters[0].cluster.server,
    ca: decoded(clusters[0].cluster["certificate-authority-data"]),
    cert: decoded(users[0].user["client-certificate-data"]),
    key: decoded(users[0].user["client-key-data"]),
  };
}
