import { alertPolicies } from "./alert-policies.ts";
import { notificationChannels } from "./notification-channels.ts";
import type { Resource } from "./resource.ts";

/** Every service of the API that the emulator serves. */
export const resources: readonly Resource[] = [alertPolicies, notificationChannels];
