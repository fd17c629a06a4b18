/** Security context of a pod that the Pod Security Standard `restricted` admits, run by the user and group `id`. */
export function restrictedPod(id: number) {
  return {
    runAsNonRoot: true,
    runAsUser: id,
    runAsGroup: id,
    fsGroup: id,
    seccompProfile: { type: "RuntimeDefault" },
  };
}

/** Security context of a container that the Pod Security Standard `restricted` admits, its root read-only. */
export const restrictedContainer = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ["ALL"] },
};
