/** Says what is wrong with a variable's value in the words "must …", or nothing. */
type Rule = (value: string) => string | undefined;

/** What the CMS reads from its environment; every name here is checked before Strapi is loaded. */
const rules: Record<string, { rule: Rule; secret?: true; optional?: true }> = {
  HOST: { rule: filled, optional: true },
  PORT: { rule: port, optional: true },
  LOG_LEVEL: { rule: oneOf("error", "warn", "info", "http", "debug"), optional: true },
  PUBLIC_URL: { rule: url("http:", "https:") },
  WEBHOOK_URL: { rule: url("http:", "https:") },
  ADMIN_EMAIL: { rule: email },
  DATABASE_URL: { rule: url("postgres:", "postgresql:"), secret: true },
  APP_KEYS: { rule: eachKeyIsLong, secret: true },
  API_TOKEN_SALT: { rule: long, secret: true },
  API_TOKEN_SALT_PREVIOUS: { rule: long, secret: true, optional: true },
  ADMIN_JWT_SECRET: { rule: long, secret: true },
  TRANSFER_TOKEN_SALT: { rule: long, secret: true },
  JWT_SECRET: { rule: long, secret: true },
  ENCRYPTION_KEY: { rule: long, secret: true },
  WORKER_API_TOKEN: { rule: long, secret: true },
  WORKER_API_TOKEN_PREVIOUS: { rule: long, secret: true, optional: true },
  CONTENT_API_TOKEN: { rule: long, secret: true },
  CONTENT_API_TOKEN_PREVIOUS: { rule: long, secret: true, optional: true },
  WEBHOOK_TOKEN: { rule: long, secret: true },
  ADMIN_PASSWORD: { rule: password, secret: true },
};

/**
 * Everything that is wrong with the environment, one sentence each, in a fixed order; empty if it will do.
 *
 * The value of a secret is never repeated, only its length.
 */
export function environmentProblems(env: Readonly<Record<string, string | undefined>>): string[] {
  return Object.entries(rules).flatMap(([name, { rule, secret, optional }]) => {
    const value = env[name];
    if (value === undefined) return optional ? [] : [`${name} must be set, got nothing`];
    const broken = rule(value);
    const shown = secret ? `${value.length} characters` : JSON.stringify(value.slice(0, 200));
    return broken ? [`${name} must ${broken}, got ${shown}`] : [];
  });
}

function filled(value: string) {
  return value === "" ? "not be empty" : undefined;
}

function port(value: string) {
  const ok = /^\d{1,5}$/.test(value) && Number(value) >= 1 && Number(value) <= 65_535;
  return ok ? undefined : "be a port from 1 to 65535";
}

function oneOf(...known: string[]): Rule {
  return (value) => (known.includes(value) ? undefined : `be one of ${known.join(", ")}`);
}

function url(...protocols: string[]): Rule {
  return (value) =>
    URL.canParse(value) && protocols.includes(new URL(value).protocol)
      ? undefined
      : `be a URL that begins with ${protocols.map((protocol) => `${protocol}//`).join(" or ")}`;
}

function email(value: string) {
  return /^[^@\s]+@[^@\s]+$/.test(value) ? undefined : "be an e-mail address";
}

function long(value: string) {
  return value.length < 16 ? "have at least 16 characters" : undefined;
}

function eachKeyIsLong(value: string) {
  return value.split(",").some(long)
    ? "be keys of at least 16 characters, separated by commas"
    : undefined;
}

/** bcrypt, which Strapi stores passwords with, reads no further than 72 bytes. */
function password(value: string) {
  const bytes = Buffer.byteLength(value);
  return bytes < 8 || bytes > 72 ? "have 8 to 72 bytes" : undefined;
}
