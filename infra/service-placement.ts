/** What a platform decides about the pods of a service. */
export interface ServicePlacement {
  /**
   * Port on every node, 30000-32767.
   *
   * @default - reachable inside the cluster only
   */
  readonly nodePort?: number;

  /**
   * E-mail address of the Google service account that its pods act as.
   *
   * @default - none
   */
  readonly googleServiceAccount?: string;

  /**
   * Seconds, 5-120, that a pod goes on serving after it was told to end: until whoever sends it requests has heard of it.
   *
   * @default 5
   */
  readonly leaveSeconds?: number;

  /**
   * Whether Managed Prometheus reads its metrics.
   *
   * @default - whoever follows the pods' annotations does
   */
  readonly managedPrometheus?: boolean;
}

/** What of it a service's chart takes as values. */
export function placementValues(placement: ServicePlacement) {
  const { nodePort = null, googleServiceAccount, leaveSeconds } = placement;
  return { nodePort, googleServiceAccount, leaveSeconds };
}
