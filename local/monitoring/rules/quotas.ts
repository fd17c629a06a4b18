import { ApiError } from "../api-error.ts";
import type { Project } from "../state/state.ts";

interface Quota {
  /** Most of the kind in one project. */
  readonly most: number;
  /** What the API says to one more. */
  readonly message: string;
}

function quota(most: number, what: string): Quota {
  return { most, message: `Quota exceeded: a project may have at most ${most} ${what}.` };
}

/** https://cloud.google.com/monitoring/quotas, https://cloud.google.com/logging/quotas */
const quotas: Readonly<Record<string, Quota>> = {
  alertPolicies: quota(2000, "alerting policies"),
  notificationChannels: quota(4000, "notification channels"),
  uptimeCheckConfigs: {
    most: 100,
    message: "Error creating uptime check config: too many configs in project",
  },
  dashboards: quota(1000, "custom dashboards"),
  groups: quota(500, "groups"),
  metricDescriptors: quota(10_000, "custom metric descriptors"),
  logMetrics: quota(500, "user-defined log-based metrics"),
};

/** Most SLOs of one service. */
export const MAX_SLOS = 500;

/**
 * Checks that a project may have one more of a kind.
 *
 * @throws ApiError if it has as many as it may.
 */
export function requireQuota(project: Project, kind: string): void {
  const { most, message } = quotas[kind]!;
  if (Object.keys(project.collection(kind)).length >= most) {
    throw new ApiError("RESOURCE_EXHAUSTED", message);
  }
}
