import type { Case } from "./case.ts";
import { alertPolicyCases } from "./rules/alert-policies.ts";
import { dataProtectionCases } from "./rules/data-protection.ts";
import { encryptionCases } from "./rules/encryption.ts";
import { iamCases } from "./rules/iam.ts";
import { imageCases } from "./rules/images.ts";
import { labelCases } from "./rules/labels.ts";
import { listenerCases } from "./rules/listeners.ts";
import { podSecurityCases } from "./rules/pod-security.ts";
import { rbacCases } from "./rules/rbac.ts";
import { resourceCases } from "./rules/requests-and-limits.ts";
import { visibleObjectCases } from "./rules/visible-objects.ts";

/** At least one mutant of each rule. */
export const cases: readonly Case[] = [
  ...visibleObjectCases,
  ...imageCases,
  ...podSecurityCases,
  ...resourceCases,
  ...listenerCases,
  ...rbacCases,
  ...iamCases,
  ...encryptionCases,
  ...dataProtectionCases,
  ...labelCases,
  ...alertPolicyCases,
];
