import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";

/** The configuration of one stack; `Pulumi.yaml` describes each key. */
export interface StackConfig {
  readonly platform: "local" | "kubeconfig";
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
  readonly chatWebhookUrl: pulumi.Output<string> | undefined;
  /** Changes with `chatWebhookUrl`; too short to test guesses against. */
  readonly chatWebhookRevision: string;
  readonly protectData: boolean;
  readonly adminEmail: string;
  readonly notificationEmail: string;
  readonly databaseGib: number;
  readonly spoolGib: number;
  readonly cmsReplicas: number;
  readonly collectorReplicas: number;
  readonly workerReplicas: number;
}

/** Every key that {@link readConfig} reads, as `Pulumi.yaml` declares it. */
export const configKeys = [
  "platform",
  "kubeconfig",
  "registry",
  "nodeImage",
  "postgresImage",
  "portBase",
  "sources",
  "chatWebhookUrl",
  "protectData",
  "adminEmail",
  "notificationEmail",
  "databaseGib",
  "spoolGib",
  "cmsReplicas",
  "collectorReplicas",
  "workerReplicas",
] as const;

/**
 * Reads and checks the configuration of the stack that is being deployed.
 *
 * @throws Error naming each key that is unknown or wrong, its value and what is allowed.
 */
export function readConfig(): StackConfig {
  const config = new pulumi.Config("marketing-stack");
  const problems = unknownKeys();
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

  const platform = text("platform") as StackConfig["platform"];
  check("platform", platform, "be local or kubeconfig", ["local", "kubeconfig"].includes(platform));
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
    "be a list of different names of 1-63 characters of [a-z0-9-]",
    Array.isArray(sources) &&
      sources.length > 0 &&
      sources.every(isName) &&
      new Set(sources).size === sources.length,
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
  }

  const result: StackConfig = {
    platform,
    kubeconfig,
    registry,
    nodeImage: text("nodeImage"),
    postgresImage: text("postgresImage"),
    portBase: number("portBase", 30000, 32764),
    sources,
    chatWebhookUrl: chatWebhookUrl === "" ? undefined : pulumi.secret(chatWebhookUrl),
    chatWebhookRevision: createHash("sha256").update(chatWebhookUrl).digest("hex").slice(0, 4),
    protectData: config.requireBoolean("protectData"),
    adminEmail: email("adminEmail"),
    notificationEmail: email("notificationEmail"),
    databaseGib: number("databaseGib", 1, 1000),
    spoolGib: number("spoolGib", 1, 1000),
    cmsReplicas: number("cmsReplicas", 1, 20),
    collectorReplicas: number("collectorReplicas", 1, 20),
    workerReplicas: number("workerReplicas", 1, 20),
  };
  if (problems.length > 0) throw new Error(problems.join("\n"));
  return result;
}

/** Whether the stack's file holds the key encrypted; the SDK knows, and has no public function that tells. */
function isSecret(key: string): boolean {
  return (JSON.parse(process.env.PULUMI_CONFIG_SECRET_KEYS ?? "[]") as string[]).includes(key);
}

function unknownKeys(): string[] {
  const known = new Set<string>(configKeys);
  return Object.keys(pulumi.runtime.allConfig())
    .filter((key) => key.startsWith("marketing-stack:"))
    .map((key) => key.slice("marketing-stack:".length))
    .filter((key) => !known.has(key))
    .map(
      (key) =>
        `marketing-stack:${key} must be a key that Pulumi.yaml declares; did you mean ${nearest(key)}?`,
    );
}

function nearest(key: string): string {
  return [...configKeys].sort((a, b) => distance(key, a) - distance(key, b))[0]!;
}

/** Levenshtein distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const substitution = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, substitution);
    }
    row = next;
  }
  return row[b.length]!;
}
