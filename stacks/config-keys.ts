import { gateKeys } from "./gates.ts";
import { promotionKeys } from "./promotion-rules.ts";

/** Every key that `readConfig` reads, as `Pulumi.yaml` declares it. */
export const configKeys = [
  "platform",
  "kubeconfig",
  "registry",
  "nodeImage",
  "postgresImage",
  "portBase",
  "sources",
  "sourceRules",
  "chatWebhookUrl",
  "connectors",
  "generations",
  ...gateKeys,
  "protectData",
  "adminEmail",
  "notificationEmail",
  "databaseGib",
  "spoolGib",
  "cmsReplicas",
  "collectorReplicas",
  "workerReplicas",
  "googleProject",
  "googleProjectNumber",
  "googleRegion",
  "domain",
  "adminNetworks",
  "databaseTier",
  "renderTo",
  ...promotionKeys,
] as const;
