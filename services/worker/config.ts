import { connectorProblems, type Connectors } from "../contract/connectors.ts";
import { mailSettings, type MailSettings } from "./mail/settings.ts";
import type { RetentionDays } from "./retention.ts";

/** Log levels of pino, most to least. */
const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "fatal"] as const;

/** The worker's configuration. */
export interface Config {
  /** `PORT`, 1-65535. @default 8080 */
  readonly port: number;

  /** `ENVIRONMENT`: name of the stack that it is part of. @default "dev" */
  readonly environment: string;

  /** `DATABASE_URL`: PostgreSQL's database `marketing` as login `worker`. Secret. */
  readonly databaseUrl: string;

  /** `CMS_URL`: where the CMS answers. */
  readonly cmsUrl: string;

  /** `CMS_API_TOKEN`: reads published entries of all types. Secret. */
  readonly cmsApiToken: string;

  /**
   * `WEBHOOK_TOKEN`, and while it is rotated also `WEBHOOK_TOKEN_PREVIOUS`, at least 16 characters each: what the CMS's
   * webhook brings. Secret.
   */
  readonly webhookTokens: readonly string[];

  /** `CHAT_WEBHOOK_URL`: a Slack-compatible webhook. Secret. @default - nobody is told */
  readonly chatWebhookUrl: string | undefined;

  /** `CONNECTORS`: settings of ways to other systems by name, JSON. Secret. @default "{}" */
  readonly connectors: Connectors;

  /** `MAIL`: how letters leave, JSON, see {@link mailSettings}. Secret. @default - no letters leave */
  readonly mail: MailSettings | undefined;

  /** `RETENTION_DAYS`: days that events of a source are kept, by its name, JSON. @default "{}", for ever */
  readonly retentionDays: RetentionDays;

  /** `KUBECONFIG`: file by which the cluster is reached. @default - the service account of the pod */
  readonly kubeconfig: string | undefined;

  /** `LOG_LEVEL`, one of pino's. @default "info" */
  readonly logLevel: (typeof LOG_LEVELS)[number];
}

/**
 * The configuration in an environment.
 *
 * @throws Error naming every variable that is wrong, each with its value (unless secret) and what to do.
 */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const problems: string[] = [];
  const check = (
    name: string,
    rule: string,
    isValid: boolean,
    shown: string,
    remedy: string,
  ): void => {
    if (!isValid) problems.push(`${name} must ${rule}, got ${shown}; ${remedy}`);
  };
  const port = env.PORT || "8080";
  check(
    "PORT",
    "be a whole number from 1 to 65535",
    isPort(port),
    JSON.stringify(port),
    "leave it out for 8080",
  );
  const databaseUrl = env.DATABASE_URL ?? "";
  check(
    "DATABASE_URL",
    "be a PostgreSQL URL",
    /^postgres(ql)?:\/\/./.test(databaseUrl),
    secret(databaseUrl),
    "set it to postgresql://worker:<password>@<host>:5432/marketing",
  );
  const cmsUrl = env.CMS_URL ?? "";
  check(
    "CMS_URL",
    "be an http(s) URL",
    isHttpUrl(cmsUrl),
    JSON.stringify(cmsUrl),
    "set it to http://cms:1337",
  );
  const cmsApiToken = env.CMS_API_TOKEN ?? "";
  check(
    "CMS_API_TOKEN",
    "be set and have no white space",
    /^[\x21-\x7e]+$/.test(cmsApiToken),
    secret(cmsApiToken),
    "set it to the CMS's WORKER_API_TOKEN",
  );
  const webhookToken = env.WEBHOOK_TOKEN ?? "";
  check(
    "WEBHOOK_TOKEN",
    "have at least 16 characters and no white space",
    isToken(webhookToken),
    secret(webhookToken),
    "set it to the CMS's WEBHOOK_TOKEN",
  );
  const previousWebhookToken = env.WEBHOOK_TOKEN_PREVIOUS || undefined;
  check(
    "WEBHOOK_TOKEN_PREVIOUS",
    "have at least 16 characters and no white space",
    previousWebhookToken === undefined || isToken(previousWebhookToken),
    secret(previousWebhookToken ?? ""),
    "leave it out unless the CMS's WEBHOOK_TOKEN is being rotated",
  );
  const chatWebhookUrl = env.CHAT_WEBHOOK_URL || undefined;
  check(
    "CHAT_WEBHOOK_URL",
    "be an http(s) URL",
    chatWebhookUrl === undefined || isHttpUrl(chatWebhookUrl),
    secret(chatWebhookUrl ?? ""),
    "leave it out to tell nobody",
  );
  const connectors = jsonOf(env.CONNECTORS || "{}");
  problems.push(...connectorProblems(connectors));
  let mail: MailSettings | undefined;
  try {
    mail = env.MAIL ? mailSettings(jsonOf(env.MAIL)) : undefined;
  } catch (error) {
    problems.push((error as Error).message);
  }
  const retentionDays = jsonOf(env.RETENTION_DAYS || "{}");
  check(
    "RETENTION_DAYS",
    "hold whole numbers of days from 1 by the names of sources",
    isRetentionDays(retentionDays),
    JSON.stringify(retentionDays),
    "leave it out to keep everything",
  );
  const logLevel = (env.LOG_LEVEL || "info") as Config["logLevel"];
  check(
    "LOG_LEVEL",
    `be one of ${LOG_LEVELS.join(", ")}`,
    LOG_LEVELS.includes(logLevel),
    JSON.stringify(logLevel),
    "leave it out for info",
  );
  if (problems.length > 0) throw new Error(problems.join("\n"));
  return {
    port: Number(port),
    environment: env.ENVIRONMENT || "dev",
    databaseUrl,
    cmsUrl,
    cmsApiToken,
    webhookTokens: [webhookToken, ...(previousWebhookToken ? [previousWebhookToken] : [])],
    chatWebhookUrl,
    connectors: connectors as Connectors,
    mail,
    retentionDays: retentionDays as RetentionDays,
    kubeconfig: env.KUBECONFIG || undefined,
    logLevel,
  };
}

/** The value of a text in JSON; the text itself if it is none. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function isRetentionDays(value: unknown): boolean {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((days) => Number.isSafeInteger(days) && Number(days) >= 1)
  );
}

function isPort(text: string): boolean {
  return /^\d+$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535;
}

function isToken(text: string): boolean {
  return /^[\x21-\x7e]{16,}$/.test(text);
}

function isHttpUrl(text: string): boolean {
  return /^https?:\/\//.test(text) && URL.canParse(text);
}

function secret(text: string): string {
  return text === "" ? "nothing" : `a value of ${text.length} characters that is not shown`;
}
