import { sourceRulesProblems } from "../contract/source-rules.ts";
import type { SourceRules } from "../contract/source-rules.ts";
import type { Source } from "./sources.ts";

/** Log levels of pino, most to least. */
const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "fatal"] as const;

/** The collector's configuration. */
export interface Config {
  /** `PORT`, 1-65535. @default 8080 */
  readonly port: number;

  /** `DATABASE_URL`: PostgreSQL's database `marketing` as login `collector`. Secret. */
  readonly databaseUrl: string;

  /**
   * `SOURCES`: JSON, `{"<source>": {"writeKey": "…", "previousWriteKey"?: "…"}}`, at least one. Secret. What they
   * may do is in `SOURCE_RULES`: JSON, `{"<source>": <SourceRules>}`; what is not there may do anything.
   */
  readonly sources: readonly Source[];

  /** `SPOOL_DIR`: a folder on a disk that survives the process. @default "/spool" */
  readonly spoolDir: string;

  /** `SPOOL_MAX_BYTES`, from 1 MiB. @default 1 GiB */
  readonly spoolMaxBytes: number;

  /**
   * `EVENT_TOPIC`: topic of Pub/Sub that events are published to as well, `projects/<project>/topics/<topic>`.
   *
   * @default - events are in the event log alone
   */
  readonly eventTopic: string | undefined;

  /**
   * `TLS_DIR`: folder with the certificate by which it speaks TLS on `TLS_PORT` as well, in `tls.crt` and `tls.key`.
   *
   * @default - it does not
   */
  readonly tlsDir: string | undefined;

  /** `TLS_PORT`, 1-65535; read where there is a certificate. @default 8443 */
  readonly tlsPort: number;

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
  const config: Config = {
    port: integer(env, "PORT", 8080, 1, 65_535, problems),
    databaseUrl: databaseUrl(env.DATABASE_URL, problems),
    sources: withRules(sources(env.SOURCES, problems), env.SOURCE_RULES || "{}", problems),
    spoolDir: env.SPOOL_DIR || "/spool",
    spoolMaxBytes: integer(env, "SPOOL_MAX_BYTES", 2 ** 30, 2 ** 20, 2 ** 50, problems),
    eventTopic: eventTopic(env.EVENT_TOPIC || undefined, problems),
    tlsDir: env.TLS_DIR || undefined,
    tlsPort: integer(env, "TLS_PORT", 8443, 1, 65_535, problems),
    logLevel: logLevel(env.LOG_LEVEL || "info", problems),
  };
  if (problems.length > 0) throw new Error(problems.join("\n"));
  return config;
}

function integer(
  env: NodeJS.ProcessEnv,
  name: string,
  fallback: number,
  min: number,
  max: number,
  problems: string[],
): number {
  const text = env[name] || String(fallback);
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || value > max) {
    problems.push(
      `${name} must be a whole number from ${min} to ${max}, got ${JSON.stringify(text)}; ` +
        `set it, or leave it out for ${fallback}`,
    );
  }
  return value;
}

function databaseUrl(text: string | undefined, problems: string[]): string {
  if (!/^postgres(ql)?:\/\/./.test(text ?? "")) {
    problems.push(
      `DATABASE_URL must be a PostgreSQL URL, got ${secret(text)}; ` +
        "set it to postgresql://collector:<password>@<host>:5432/marketing",
    );
  }
  return text ?? "";
}

function sources(text: string | undefined, problems: string[]): Source[] {
  const remedy = 'set it to {"<source>": {"writeKey": "<key>"}}';
  let parsed: unknown;
  try {
    parsed = JSON.parse(text ?? "");
  } catch {
    parsed = undefined;
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) {
    problems.push(`SOURCES must be a JSON object, got ${secret(text)}; ${remedy}`);
    return [];
  }
  const found = Object.entries(parsed).map(([name, value]) => {
    const { writeKey, previousWriteKey } = (value ?? {}) as Record<string, unknown>;
    const keys = { writeKey, ...(previousWriteKey === undefined ? {} : { previousWriteKey }) };
    return { name, ...keys } as Source;
  });
  if (found.length === 0)
    problems.push(`SOURCES must name at least one source, got none; ${remedy}`);
  const names = new Map<string, string>();
  for (const { name, ...keys } of found) {
    const named = JSON.stringify(name);
    if (!/^[a-z0-9-]{1,63}$/.test(name)) {
      problems.push(`SOURCES must name sources with 1-63 characters of [a-z0-9-], got ${named}`);
    }
    for (const [kind, key] of Object.entries(keys)) {
      if (typeof key !== "string" || !/^[A-Za-z0-9_-]{8,128}$/.test(key)) {
        problems.push(
          `SOURCES must give ${named} a ${kind} of 8-128 characters of [A-Za-z0-9_-], ` +
            `got ${secret(key)}; ${remedy}`,
        );
      } else if (names.has(key)) {
        problems.push(
          `SOURCES must give each source a ${kind} of its own, got the same for ` +
            `${JSON.stringify(names.get(key))} and ${named}; generate another`,
        );
      } else {
        names.set(key, name);
      }
    }
  }
  return found;
}

function withRules(found: readonly Source[], text: string, problems: string[]): Source[] {
  let rules: unknown;
  try {
    rules = JSON.parse(text);
  } catch {
    problems.push(`SOURCE_RULES must be JSON, got ${JSON.stringify(text.slice(0, 80))}`);
    return [...found];
  }
  const names = found.map(({ name }) => name);
  problems.push(...sourceRulesProblems("SOURCE_RULES", rules, names));
  const given = (rules ?? {}) as Readonly<Record<string, SourceRules>>;
  return found.map((source) => {
    const own = Object.hasOwn(given, source.name) ? given[source.name] : undefined;
    return own === undefined ? source : { ...source, rules: own };
  });
}

function eventTopic(text: string | undefined, problems: string[]): string | undefined {
  if (text !== undefined && !/^projects\/[^/\s]+\/topics\/[^/\s]+$/.test(text)) {
    problems.push(
      `EVENT_TOPIC must be a topic as projects/<project>/topics/<topic>, got ${JSON.stringify(text)}; ` +
        "set it, or leave it out to publish nothing",
    );
  }
  return text;
}

function logLevel(text: string, problems: string[]): Config["logLevel"] {
  const level = LOG_LEVELS.find((known) => known === text);
  if (level === undefined) {
    problems.push(
      `LOG_LEVEL must be one of ${LOG_LEVELS.join(", ")}, got ${JSON.stringify(text)}; ` +
        "set it, or leave it out for info",
    );
  }
  return level ?? "info";
}

/** What can be said of a secret value. */
function secret(value: unknown): string {
  if (value === undefined || value === "") return "nothing";
  return typeof value === "string" ? `${value.length} characters` : typeof value;
}
