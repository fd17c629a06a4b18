import { request } from "node:https";
import { join } from "node:path";
import { statePath } from "../paths.ts";
import { readKubeconfig } from "./kubeconfig.ts";
import { nodeName } from "./plan.ts";

/** How long one answer may take, in milliseconds. */
const PATIENCE = 5000;

/** Who owns the fields of the objects that the platform applies. */
const FIELD_MANAGER = "marketing-stack-platform";

/** The administrator's kubeconfig, 0600; it is there once the cluster was started. */
export const kubeconfigPath = join(statePath, "kubeconfig");

/** An answer of the API server. */
export interface ApiAnswer {
  readonly status: number;
  readonly body: string;
}

/**
 * One request to the platform's API server, as its administrator.
 *
 * @throws Error if there is no kubeconfig or no answer within 5 s; any status is an answer.
 */
export async function callApi(
  method: string,
  path: string,
  content?: { readonly type: string; readonly body: unknown },
): Promise<ApiAnswer> {
  const { server, ...credentials } = await readKubeconfig(kubeconfigPath);
  const body = content && JSON.stringify(content.body);
  return new Promise((resolve, reject) => {
    const sent = request(
      new URL(path, server),
      {
        ...credentials,
        method,
        agent: false,
        timeout: PATIENCE,
        ...(content ? { headers: { "content-type": content.type } } : {}),
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () =>
          resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }),
        );
      },
    );
    sent.on("timeout", () =>
      sent.destroy(new Error(`${method} ${path}: no answer within ${PATIENCE / 1000} s`)),
    );
    sent.on("error", reject);
    sent.end(body);
  });
}

/**
 * The JSON that the API server has at `path`.
 *
 * @throws Error if it has none.
 */
export async function readApi<T>(path: string): Promise<T> {
  const { status, body } = await callApi("GET", path);
  if (status !== 200)
    throw new Error(`GET ${path} must answer 200, got ${status}: ${body.slice(0, 500)}`);
  return JSON.parse(body) as T;
}

/**
 * Makes the object at `path` as `object` says (server-side apply); fields that others own stay.
 *
 * @throws Error if the API server refuses it.
 */
export async function applyObject(path: string, object: object): Promise<void> {
  const query = `?fieldManager=${FIELD_MANAGER}&force=true`;
  const { status, body } = await callApi("PATCH", path + query, {
    type: "application/apply-patch+yaml",
    body: object,
  });
  if (status !== 200 && status !== 201) {
    throw new Error(`the API server must accept ${path}, got ${status}: ${body.slice(0, 500)}`);
  }
}

/** Whether the API server can serve. */
export async function apiserverAnswers(): Promise<boolean> {
  return callApi("GET", "/readyz").then(
    ({ status }) => status === 200,
    () => false,
  );
}

/** Whether the kubelet said within the last minute that the node can run pods. */
export async function isNodeReady(): Promise<boolean> {
  try {
    const [node, lease] = await Promise.all([
      readApi<{ status: { conditions?: { type: string; status: string }[] } }>(
        `/api/v1/nodes/${nodeName}`,
      ),
      readApi<{ spec: { renewTime: string } }>(
        `/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/${nodeName}`,
      ),
    ]);
    const ready = node.status.conditions?.some(
      ({ type, status }) => type === "Ready" && status === "True",
    );
    return ready === true && Date.now() - Date.parse(lease.spec.renewTime) < 60_000;
  } catch {
    return false;
  }
}
