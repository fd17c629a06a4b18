import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { clonePath } from "../paths.ts";
import { kubeletClient } from "./apiserver.ts";
import { dnsUser } from "./coredns.ts";
import { applyObject } from "./api.ts";
import { dnsServiceAddress, type Plan } from "./plan.ts";
import { provisioner } from "./provisioner.ts";
import { metricsUser } from "../prometheus/pod-targets.ts";

/** What campaigns are, for all stacks of the cluster. */
const CAMPAIGNS = "charts/worker/crds/campaigns.yaml";

/** Applies the objects that a cluster needs before anything is deployed to it. */
export async function applyPlatformObjects(plan: Plan): Promise<void> {
  const objects = platformObjects(plan);
  // Namespaces first: the rest lives in them.
  for (const [path, object] of objects.filter(([path]) => isNamespace(path)))
    await applyObject(path, object);
  await Promise.all(
    objects
      .filter(([path]) => !isNamespace(path))
      .map(([path, object]) => applyObject(path, object)),
  );
}

/** The platform's own objects, each with its path in the API. */
export function platformObjects({
  addresses: { node, ports },
}: Plan): [path: string, object: object][] {
  const dns = [
    { name: "dns", protocol: "UDP", port: ports.dns },
    { name: "dns-tcp", protocol: "TCP", port: ports.dns },
  ];
  return [
    [
      "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/campaigns.marketing.stack",
      parse(readFileSync(join(clonePath, CAMPAIGNS), "utf8")) as object,
    ],
    ...role(dnsUser, [
      { apiGroups: [""], resources: ["services", "namespaces"], verbs: ["list", "watch"] },
      { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: ["list", "watch"] },
    ]),
    ...role(metricsUser, [{ apiGroups: [""], resources: ["pods"], verbs: ["list", "watch"] }]),
    ...role(provisioner.user, [
      {
        apiGroups: [""],
        resources: ["nodes", "persistentvolumeclaims", "configmaps", "pods", "pods/log"],
        verbs: ["get", "list", "watch"],
      },
      { apiGroups: [""], resources: ["persistentvolumes"], verbs: EVERY_VERB },
      { apiGroups: [""], resources: ["events"], verbs: ["create", "patch"] },
      { apiGroups: [""], resources: ["endpoints"], verbs: EVERY_VERB },
      { apiGroups: ["coordination.k8s.io"], resources: ["leases"], verbs: EVERY_VERB },
      {
        apiGroups: ["storage.k8s.io"],
        resources: ["storageclasses"],
        verbs: ["get", "list", "watch"],
      },
    ]),
    binding(kubeletClient, "system:kubelet-api-admin"),
    ...provisionerObjects(),
    [
      "/api/v1/namespaces/kube-system/services/kube-dns",
      {
        apiVersion: "v1",
        kind: "Service",
        metadata: { name: "kube-dns", namespace: "kube-system" },
        // No selector: CoreDNS runs on the machine, not in a pod.
        spec: {
          clusterIP: dnsServiceAddress,
          ports: dns.map(({ name, protocol, port }) => ({
            name,
            protocol,
            port: 53,
            targetPort: port,
          })),
        },
      },
    ],
    [
      "/apis/discovery.k8s.io/v1/namespaces/kube-system/endpointslices/kube-dns",
      {
        apiVersion: "discovery.k8s.io/v1",
        kind: "EndpointSlice",
        metadata: {
          name: "kube-dns",
          namespace: "kube-system",
          labels: { "kubernetes.io/service-name": "kube-dns" },
        },
        addressType: "IPv4",
        endpoints: [{ addresses: [node], conditions: { ready: true } }],
        ports: dns,
      },
    ],
    [
      "/apis/storage.k8s.io/v1/storageclasses/local-path",
      {
        apiVersion: "storage.k8s.io/v1",
        kind: "StorageClass",
        metadata: {
          name: "local-path",
          annotations: { "storageclass.kubernetes.io/is-default-class": "true" },
        },
        provisioner: "rancher.io/local-path",
        volumeBindingMode: "WaitForFirstConsumer",
        reclaimPolicy: "Delete",
      },
    ],
  ];
}

const EVERY_VERB = ["get", "list", "watch", "create", "patch", "update", "delete"];

function isNamespace(path: string): boolean {
  return /^\/api\/v1\/namespaces\/[^/]+$/.test(path);
}

function provisionerObjects(): [string, object][] {
  const { namespace, user: name } = provisioner;
  const subject = { apiGroup: "rbac.authorization.k8s.io", kind: "User", name };
  const inNamespace = { name, namespace };
  return [
    [
      `/api/v1/namespaces/${namespace}`,
      { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } },
    ],
    [
      `/api/v1/namespaces/${namespace}/configmaps/${name}`,
      {
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: inNamespace,
        // Writable for every user: a pod of any user may claim the volume, and nobody but root can see the folder.
        data: {
          setup: 'set -eu\nmkdir -m 0777 -p "$VOL_DIR"\n',
          teardown: 'set -eu\nrm -rf "$VOL_DIR"\n',
        },
      },
    ],
    [
      `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/roles/${name}`,
      {
        apiVersion: "rbac.authorization.k8s.io/v1",
        kind: "Role",
        metadata: inNamespace,
        rules: [{ apiGroups: [""], resources: ["pods"], verbs: EVERY_VERB }],
      },
    ],
    [
      `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/rolebindings/${name}`,
      {
        apiVersion: "rbac.authorization.k8s.io/v1",
        kind: "RoleBinding",
        metadata: inNamespace,
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name },
        subjects: [subject],
      },
    ],
  ];
}

function role(user: string, rules: readonly object[]): [string, object][] {
  const name = `marketing-stack:${user}`;
  const kind = "ClusterRole";
  return [
    [
      `/apis/rbac.authorization.k8s.io/v1/clusterroles/${name}`,
      { apiVersion: "rbac.authorization.k8s.io/v1", kind, metadata: { name }, rules },
    ],
    binding(user, name),
  ];
}

function binding(user: string, clusterRole: string): [string, object] {
  const name = `marketing-stack:${user}`;
  return [
    `/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/${name}`,
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRoleBinding",
      metadata: { name },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: clusterRole },
      subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: user }],
    },
  ];
}
