import type { Rule } from "./rule.ts";
import { alertPolicies } from "./rules/alert-policies.ts";
import { dataProtection } from "./rules/data-protection.ts";
import { encryption } from "./rules/encryption.ts";
import { iam } from "./rules/iam.ts";
import { images } from "./rules/images.ts";
import { labels } from "./rules/labels.ts";
import { listeners } from "./rules/listeners.ts";
import { podSecurity } from "./rules/pod-security.ts";
import { rbac } from "./rules/rbac.ts";
import { requestsAndLimits } from "./rules/requests-and-limits.ts";
import { visibleObjects } from "./rules/visible-objects.ts";

/** Every rule of the pack. */
export const rules: readonly Rule[] = [
  visibleObjects,
  images,
  podSecurity,
  requestsAndLimits,
  listeners,
  rbac,
  iam,
  encryption,
  dataProtection,
  labels,
  alertPolicies,
];
