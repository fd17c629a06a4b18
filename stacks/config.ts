import { createHash } from "node:crypto";
import { isIPv4 } from "node:net";
import * as pulumi from "@pulumi/pulumi";
import type { Generations } from "../infra/generated-secret.ts";
import type { SecretValue } from "../infra/secret-value.ts";
import type { Channel } from "../services/contract/campaign.ts";
import { isBaseUrl } from "../services/contract/base-url.ts";
import {
  channelKinds,
  connectorProblems,
  type Connectors,
} from "../services/contract/connectors.ts";
import { MAIL_SOURCE } from "../services/contract/mail-feedback.ts";
import { smtpServer } from "../services/contract/smtp-url.ts";
import { sourceRulesProblems, type SourceRules } from "../services/contract/source-rules.ts";
import { readAlertChannels, type AlertChannels } from "./alert-channels.ts";
import { collectorTlsProblems, type CollectorTls } from "./collector-tls.ts";
import { configKeys } from "./config-keys.ts";
import { readGates } from "./gates.ts";
import { generationProblems } from "./generations.ts";
import { platformNames, type PlatformName } from "./platforms/names.ts";
import { promotionRules, type PromotionRules } from "./promotion-rules.ts";
import { stackPorts } from "./stack-ports.ts";
import { unknownKeys } from "./unknown-keys.ts";

/** Where on Google Cloud a stack with platform `gke` lives. */
export interface GoogleConfig {
  readonly project: string;
  /** Number of the project: Google's own service accounts are named by it. */
  readonly projectNumber: string;
  readonly region: string;
  /** DNS zone of the stack: the CMS is `cms.<domain>`, the collector `events.<domain>`. */
  readonly domain: string;
  /** Address ranges that reach the CMS's administration and the cluster's control plane. */
  readonly adminNetworks: readonly string[];
  /** Machine type of the database. */
  readonly databaseTier: string;
  /** Folder that the Kubernetes objects are rendered into, where there is no cluster to ask yet; empty otherwise. */
  readonly renderTo: string;
}

/** The configuration of one stack; `Pulumi.yaml` describes each key. */
export interface StackConfig {
  readonly platform: PlatformName;
  /** Absolute path of the user's own kubeconfig; set if `platform` is `kubeconfig`. */
  readonly kubeconfig: string;
  /** Registry that the user's own cluster pulls from; set if `platform` is `kubeconfig`. */
  readonly registry: string;
  /** Image that the services' images start from; empty where the platform decides. */
  readonly nodeImage: string;
  /** Image of the database; empty where the platform decides. */
  readonly postgresImage: string;
  readonly portBase: number;
  readonly sources: readonly string[];
  /** What they may do, by name. */
  readonly sourceRules: Readonly<Record<string, SourceRules>>;
  readonly chatWebhookUrl: SecretValue | undefined;
  /** Settings of ways to other systems as JSON, `services/contract/connectors.ts`; undefined if there is none. */
  readonly connectors: SecretValue | undefined;
  /** Kind of a campaign's channel that each of them serves, by name. */
  readonly connectorKinds: Readonly<Record<string, Channel["kind"]>>;
  /** URL of the mail server that letters leave by; undefined if none is set. */
  readonly smtpUrl: SecretValue | undefined;
  /** Where letters lead to. */
  readonly siteUrl: string;
  /** Valid generations of the generated secrets that were ever rotated. */
  readonly generations: Generations;
  readonly protectData: boolean;
  /** Set if the collector speaks TLS itself. */
  readonly collectorTls: CollectorTls | undefined;
  readonly adminEmail: string;
  readonly notificationEmail: string;
  /** How pager and chat are reached, where there are any. */
  readonly alertChannels: AlertChannels["channels"];
  readonly databaseGib: number;
  readonly spoolGib: number;
  readonly cmsReplicas: number;
  readonly collectorReplicas: number;
  readonly workerReplicas: number;
  /** What has to be so before a release comes here. */
  readonly promotion: PromotionRules;
  /** Set if `platform` is `gke`. */
  readonly google: GoogleConfig | undefined;
}

/**
 * Reads and checks the configuration of the stack that is being deployed.
 *
 * @throws Error naming each key that is unknown or wrong, its value and what is allowed.
 */
export function readConfig(): StackConfig {
  const config = new pulumi.Config("marketing-stack");
  const problems = unknownKeys(configKeys);
  const check = <T>(key: string, value: T, rule: string, isValid: boolean): T => {
    if (!isValid)
      problems.push(`marketing-stack:${key} must ${rule}, got ${JSON.stringify(value)}`);
    return value;
  };
  const number = (key: string, least: number, most: number): number => {
    const value = Number(config.get(key));
    const rule = `be a whole number from ${least} to ${most}`;
    return check(key, value, rule, Number.isInteger(value) && value >= least && value <= most);
  };
  const text = (key: string): string => config.get(key) ?? "";
  const email = (key: string): string => {
    const value = text(key);
    return check(key, value, "be an e-mail address", /^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(value));
  };

  const platform = text("platform") as PlatformName;
  check("platform", platform, "be local, kubeconfig or gke", platformNames.includes(platform));
  const needsOwn = platform === "kubeconfig";
  const kubeconfig = text("kubeconfig");
  check(
    "kubeconfig",
    kubeconfig,
    "be an absolute path where platform is kubeconfig",
    !needsOwn || kubeconfig.startsWith("/"),
  );
  const registry = text("registry");
  check("registry", registry, "be set where platform is kubeconfig", !needsOwn || registry !== "");
  const sources = config.getObject<string[]>("sources") ?? [];
  const isName = (name: unknown): boolean =>
    typeof name === "string" && /^[a-z0-9-]{1,63}$/.test(name);
  check(
    "sources",
    sources,
    `be a list of different names of 1-63 characters of [a-z0-9-] other than "${MAIL_SOURCE}"`,
    Array.isArray(sources) &&
      sources.length > 0 &&
      sources.every(isName) &&
      !sources.includes(MAIL_SOURCE) &&
      new Set(sources).size === sources.length,
  );

  const sourceRules = config.getObject<Record<string, SourceRules>>("sourceRules") ?? {};
  problems.push(
    ...sourceRulesProblems(
      "marketing-stack:sourceRules",
      sourceRules,
      Array.isArray(sources) ? sources : [],
    ),
  );
  const chatWebhookUrl = text("chatWebhookUrl");
  if (chatWebhookUrl !== "" && !isSecret("marketing-stack:chatWebhookUrl")) {
    problems.push(
      "marketing-stack:chatWebhookUrl must be a secret, got plain text; set it with pulumi config set --secret",
    );
  }
  if (!/^($|https?:\/\/)/.test(chatWebhookUrl)) {
    problems.push(
      "marketing-stack:chatWebhookUrl must be empty or an http(s) URL, got something else",
    );
  } else if (platform === "gke" && !isOnHttpsPort(chatWebhookUrl)) {
    problems.push(
      "marketing-stack:chatWebhookUrl must be an https URL without a port where platform is gke, got something else; its network lets out nothing else",
    );
  }

  const connectors = config.getObject<Connectors>("connectors") ?? {};
  problems.push(...connectorConfigProblems(connectors, platform));

  const smtpUrl = text("smtpUrl");
  problems.push(...smtpUrlProblems(smtpUrl, platform));
  const siteUrl = check(
    "siteUrl",
    text("siteUrl"),
    "be an http(s) URL without / at its end",
    isBaseUrl(text("siteUrl")),
  );
  const alertChannels = readAlertChannels(
    config.getObject("alertChannels") ?? {},
    isSecret("marketing-stack:alertChannels"),
  );
  problems.push(...alertChannels.problems);

  const collectorTls = config.getObject<CollectorTls>("collectorTls") ?? {};
  const hasTls = Object.keys(collectorTls).length > 0;
  if (hasTls) problems.push(...tlsProblems(collectorTls, platform, Number(config.get("portBase"))));

  const generations = config.getObject<Generations>("generations") ?? {};
  // Of no use to the program: the command that rolls a release out keeps to them.
  const gates = readGates((key) => (key === "gates" ? config.getObject(key) : config.get(key)));
  problems.push(...gates.problems);
  problems.push(...generationProblems(generations, Array.isArray(sources) ? sources : []));

  const promotion = promotionRules((key) =>
    key === "previousEnvironment" || key === "requiredApprovals"
      ? config.get(key)
      : config.getObject(key),
  );
  problems.push(...promotion.problems);

  const result: StackConfig = {
    platform,
    kubeconfig,
    registry,
    nodeImage: text("nodeImage"),
    postgresImage: text("postgresImage"),
    portBase: number("portBase", 30000, 32764),
    sources,
    sourceRules,
    chatWebhookUrl: chatWebhookUrl === "" ? undefined : ownSecret(chatWebhookUrl),
    connectors:
      Object.keys(connectors).length === 0 ? undefined : ownSecret(JSON.stringify(connectors)),
    connectorKinds: problems.length === 0 ? channelKinds(connectors) : {},
    smtpUrl: smtpUrl === "" ? undefined : ownSecret(smtpUrl),
    siteUrl,
    generations,
    protectData: config.requireBoolean("protectData"),
    collectorTls: hasTls ? (collectorTls as CollectorTls) : undefined,
    adminEmail: email("adminEmail"),
    notificationEmail: email("notificationEmail"),
    alertChannels: alertChannels.channels,
    databaseGib: number("databaseGib", 1, 1000),
    spoolGib: number("spoolGib", 1, 1000),
    cmsReplicas: number("cmsReplicas", 1, 20),
    collectorReplicas: number("collectorReplicas", 1, 20),
    workerReplicas: number("workerReplicas", 1, 20),
    promotion: promotion.rules,
    google: platform === "gke" ? googleConfig(config, check) : undefined,
  };
  if (problems.length > 0) throw new Error(problems.join("\n"));
  return result;
}

/** What is wrong with the collector's certificate, without any of its values. */
function tlsProblems(tls: object, platform: PlatformName, portBase: number): string[] {
  if (platform === "gke") {
    return [
      "marketing-stack:collectorTls must be left out where platform is gke, got one; its load balancer has certificates of its own",
    ];
  }
  const problems = collectorTlsProblems(tls, Object.values(stackPorts(portBase))).map(
    (problem) => `marketing-stack:${problem}`,
  );
  if (problems.length === 0 && !isSecret("marketing-stack:collectorTls")) {
    problems.push(
      "marketing-stack:collectorTls.key must be a secret, got plain text; set it with pulumi config set --path --secret",
    );
  }
  return problems;
}

/** What is wrong with the connectors, without any of their values. */
function connectorConfigProblems(connectors: Connectors, platform: PlatformName): string[] {
  const problems = connectorProblems(connectors);
  if (problems.length > 0) return problems.map((problem) => `marketing-stack:${problem}`);
  const names = Object.keys(connectors);
  if (names.length > 0 && !isSecret("marketing-stack:connectors")) {
    return [
      "marketing-stack:connectors must hold secrets, got plain text; set each field with pulumi config set --path --secret",
    ];
  }
  if (platform !== "gke") return [];
  return names
    .filter((name) => !isOnHttpsPort(connectors[name]!.url ?? ""))
    .map(
      (name) =>
        `marketing-stack:connectors.${name}.url must be an https URL without a port where platform is gke, got something else; its network lets out nothing else`,
    );
}

/** What is wrong with the URL of the mail server, without it. */
function smtpUrlProblems(url: string, platform: PlatformName): string[] {
  if (url === "") return [];
  if (!isSecret("marketing-stack:smtpUrl")) {
    return [
      "marketing-stack:smtpUrl must be a secret, got plain text; set it with pulumi config set --secret",
    ];
  }
  const server = smtpServer(url);
  if (!server || server.tls === "none") {
    return [
      "marketing-stack:smtpUrl must be empty, smtps://user:password@host or smtp://user:password@host, got something else",
    ];
  }
  return platform === "gke" && server.port !== 465 && server.port !== 587
    ? [
        "marketing-stack:smtpUrl must have port 465 or 587 where platform is gke, got another; its network lets out nothing else",
      ]
    : [];
}

/** Notes a problem unless `isValid`. */
type Check = <T>(key: string, value: T, rule: string, isValid: boolean) => T;

function googleConfig(config: pulumi.Config, check: Check): GoogleConfig {
  const text = (key: string, rule: string, form: RegExp): string => {
    const value = config.get(key) ?? "";
    return check(key, value, `${rule} where platform is gke`, form.test(value));
  };
  const networks = config.getObject<string[]>("adminNetworks") ?? [];
  return {
    project: text("googleProject", "be a project id", /^[a-z][a-z0-9-]{4,28}[a-z0-9]$/),
    projectNumber: text("googleProjectNumber", "be the project's number", /^\d{6,20}$/),
    region: text("googleRegion", "be a region such as europe-west1", /^[a-z]+-[a-z]+\d+$/),
    domain: text("domain", "be a domain name", /^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/),
    adminNetworks: check(
      "adminNetworks",
      networks,
      "be a list of IPv4 ranges such as 203.0.113.0/24, none wider than /8, where platform is gke",
      Array.isArray(networks) && networks.length > 0 && networks.every(isNetwork),
    ),
    databaseTier: text(
      "databaseTier",
      "be a Cloud SQL machine type such as db-custom-2-7680",
      /^db-[a-z0-9-]+$/,
    ),
    renderTo: config.get("renderTo") ?? "",
  };
}

function isNetwork(network: unknown): boolean {
  const [address = "", bits = "", ...rest] = String(network).split("/");
  return (
    isIPv4(address) &&
    /^\d+$/.test(bits) &&
    Number(bits) >= 8 &&
    Number(bits) <= 32 &&
    rest.length === 0
  );
}

/** A secret that somebody chose; its revision is too short to test guesses of it against. */
function ownSecret(value: string): SecretValue {
  return {
    value: pulumi.secret(value),
    revision: createHash("sha256").update(value).digest("hex").slice(0, 4),
  };
}

function isOnHttpsPort(url: string): boolean {
  if (url === "") return true;
  const parsed = URL.parse(url);
  return parsed?.protocol === "https:" && parsed.port === "";
}

/** Whether the stack's file holds the key encrypted; the SDK knows, and has no public function that tells. */
function isSecret(key: string): boolean {
  return (JSON.parse(process.env.PULUMI_CONFIG_SECRET_KEYS ?? "[]") as string[]).includes(key);
}
