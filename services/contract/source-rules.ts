/** Protocols that a source may be held to: the names of the collector's dialects, those of flags included. */
export const DIALECTS = [
  "segment",
  "rudderstack",
  "ga4",
  "posthog",
  "mixpanel",
  "amplitude",
  "snowplow",
  "mparticle",
  "ofrep",
  "optimizely",
  "growthbook",
  "vwo",
] as const;

/** What a source may do. */
export interface SourceRules {
  /**
   * Origins of the pages that may use its write key: `https://shop.example`. What is no page says no origin, and is not
   * asked for one.
   *
   * @default - any
   */
  readonly origins?: readonly string[];

  /** Protocols that it may use, of {@link DIALECTS}. @default - any */
  readonly dialects?: readonly string[];

  /** Events a second that are taken of it by each replica, in the long run; 1-1,000,000. @default - any number */
  readonly eventsPerSecond?: number;

  /** Days that its events and bad rows are kept after they were stored, 1-36,500; then they are deleted. @default - for ever */
  readonly retentionDays?: number;
}

const FIELDS = ["origins", "dialects", "eventsPerSecond", "retentionDays"];
const MAX_ORIGINS = 100;
const MAX_EVENTS_PER_SECOND = 1_000_000;
const MAX_RETENTION_DAYS = 36_500;

/** What is wrong with rules by the names of sources, called `key`; empty if nothing is. */
export function sourceRulesProblems(
  key: string,
  value: unknown,
  sources: readonly string[],
): string[] {
  if (!isObject(value)) {
    return [`${key} must hold rules by the names of sources, got ${JSON.stringify(value)}`];
  }
  return Object.entries(value).flatMap(([source, rules]) => {
    const path = `${key}.${source}`;
    if (!sources.includes(source)) {
      return [
        `${key} must name sources, got ${JSON.stringify(source)}; known are ${sources.join(", ")}`,
      ];
    }
    if (!isObject(rules)) return [`${path} must be an object, got ${JSON.stringify(rules)}`];
    return [
      ...Object.keys(rules)
        .filter((field) => !FIELDS.includes(field))
        .map((field) => `${path} must have no field but ${FIELDS.join(", ")}, got ${field}`),
      ...listProblems(`${path}.origins`, rules.origins, isOrigin, "origins of web pages"),
      ...listProblems(`${path}.dialects`, rules.dialects, isDialect, `of ${DIALECTS.join(", ")}`),
      ...numberProblems(`${path}.eventsPerSecond`, rules.eventsPerSecond, MAX_EVENTS_PER_SECOND),
      ...numberProblems(`${path}.retentionDays`, rules.retentionDays, MAX_RETENTION_DAYS),
    ];
  });
}

function listProblems(
  path: string,
  list: unknown,
  isValid: (entry: unknown) => boolean,
  what: string,
): string[] {
  if (list === undefined) return [];
  return Array.isArray(list) && list.length > 0 && list.length <= MAX_ORIGINS && list.every(isValid)
    ? []
    : [`${path} must be a list of 1 to ${MAX_ORIGINS}, ${what}, got ${JSON.stringify(list)}`];
}

function numberProblems(path: string, number: unknown, most: number): string[] {
  const isValid = Number.isSafeInteger(number) && Number(number) >= 1 && Number(number) <= most;
  return number === undefined || isValid
    ? []
    : [`${path} must be a whole number from 1 to ${most}, got ${JSON.stringify(number)}`];
}

/** Days of retention of the sources that have some. */
export function retentionDaysOf(
  rules: Readonly<Record<string, SourceRules>>,
): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.entries(rules).flatMap(([source, { retentionDays }]) =>
      retentionDays === undefined ? [] : [[source, retentionDays]],
    ),
  );
}

/** Whether it is written as browsers write it. */
function isOrigin(origin: unknown): boolean {
  return (
    typeof origin === "string" && /^https?:\/\/[^\s/]+$/.test(origin) && originOf(origin) === origin
  );
}

function originOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).origin : undefined;
}

function isDialect(dialect: unknown): boolean {
  return (DIALECTS as readonly unknown[]).includes(dialect);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
