import { alertPolicies } from "./alert-policies.ts";
import { dashboards } from "./dashboards.ts";
import { groups } from "./groups.ts";
import { logMetrics } from "./log-metrics.ts";
import { metricDescriptors } from "./metric-descriptors.ts";
import { metricsScopes } from "./metrics-scopes.ts";
import { notificationChannels } from "./notification-channels.ts";
import type { Resource } from "./resource.ts";
import { serviceLevelObjectives } from "./service-level-objectives.ts";
import { services } from "./services.ts";
import { uptimeCheckConfigs } from "./uptime-check-configs.ts";

/** Every service of the API that the emulator serves. */
export const resources: readonly Resource[] = [
  alertPolicies,
  dashboards,
  groups,
  logMetrics,
  metricDescriptors,
  metricsScopes,
  notificationChannels,
  serviceLevelObjectives,
  services,
  uptimeCheckConfigs,
];
