import {
  CoreV1Api,
  createConfiguration,
  CustomObjectsApi,
  KubeConfig,
  PatchStrategy,
  ServerConfiguration,
  setHeaderOptions,
  type Middleware,
} from "@kubernetes/client-node";
import { OUTBOUND_ANNOTATION, type CampaignResource, type CampaignStatus } from "./resource.ts";

/** How long one answer of the API server may take, in milliseconds. */
const TIMEOUT = 3000;

/** Who the worker is to Kubernetes. */
const COMPONENT = "marketing-stack-worker";

const KIND = { group: "marketing.stack", version: "v1alpha1", plural: "campaigns" };

/** Something to tell of a campaign, for those who look at it in the cluster. */
export interface CampaignEvent {
  readonly campaign: CampaignResource;
  readonly type: "Normal" | "Warning";
  /** One word in capitals and small letters. */
  readonly reason: string;
  readonly message: string;
}

/**
 * What the worker reads and writes in its own namespace of the cluster.
 *
 * @throws Error (from its methods) if the API server does not answer within 3 s, or refuses.
 */
export interface Cluster {
  campaigns(): Promise<CampaignResource[]>;
  /** Whether somebody stopped all outbound on the namespace. */
  isOutboundStopped(): Promise<boolean>;
  writeStatus(campaign: string, status: CampaignStatus): Promise<void>;
  tell(event: CampaignEvent): Promise<void>;
}

/**
 * The cluster by its API.
 *
 * @param kubeconfig path of a file; undefined for the service account of the pod.
 */
export function apiCluster(namespace: string, kubeconfig: string | undefined): Cluster {
  const access = new KubeConfig();
  if (kubeconfig) access.loadFromFile(kubeconfig);
  else access.loadFromCluster();
  const configuration = createConfiguration({
    baseServer: new ServerConfiguration(access.getCurrentCluster()!.server, {}),
    authMethods: { default: access },
    promiseMiddleware: [inTime],
  });
  const objects = new CustomObjectsApi(configuration);
  const core = new CoreV1Api(configuration);

  return {
    async campaigns() {
      const list = (await objects.listNamespacedCustomObject({ ...KIND, namespace })) as {
        items: CampaignResource[];
      };
      return list.items;
    },
    async isOutboundStopped() {
      const { metadata } = await core.readNamespace({ name: namespace });
      return metadata?.annotations?.[OUTBOUND_ANNOTATION] !== undefined;
    },
    async writeStatus(name, status) {
      await objects.patchNamespacedCustomObjectStatus(
        { ...KIND, namespace, name, body: { status } },
        setHeaderOptions("Content-Type", PatchStrategy.MergePatch),
      );
    },
    async tell({ campaign: { metadata }, type, reason, message }) {
      const now = new Date();
      await core.createNamespacedEvent({
        namespace,
        body: {
          metadata: { generateName: `${metadata.name}.`, namespace },
          involvedObject: {
            apiVersion: `${KIND.group}/${KIND.version}`,
            kind: "Campaign",
            name: metadata.name,
            namespace,
            uid: metadata.uid,
          },
          type,
          reason,
          message: message.slice(0, 1024),
          source: { component: COMPONENT },
          firstTimestamp: now,
          lastTimestamp: now,
          count: 1,
        },
      });
    },
  };
}

/** The client waits for ever by itself. */
const inTime: Middleware = {
  pre: async (request) => {
    request.setSignal(AbortSignal.timeout(TIMEOUT));
    return request;
  },
  post: async (response) => response,
};
