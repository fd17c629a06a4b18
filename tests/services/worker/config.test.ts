import { readConfig } from "../../../services/worker/config.ts";

const good = {
  DATABASE_URL: "postgres://worker:secret-password@database:5432/marketing",
  CMS_URL: "http://cms:1337",
  CMS_API_TOKEN: "cms-api-token",
  WEBHOOK_TOKEN: "0123456789abcdef",
};

test("reads a complete environment, with defaults", () => {
  expect(readConfig(good)).toEqual({
    port: 8080,
    environment: "dev",
    databaseUrl: good.DATABASE_URL,
    cmsUrl: "http://cms:1337",
    cmsApiToken: "cms-api-token",
    webhookTokens: ["0123456789abcdef"],
    chatWebhookUrl: undefined,
    connectors: {},
    mail: undefined,
    retentionDays: {},
    kubeconfig: undefined,
    logLevel: "info",
  });
});

test("reads how letters leave", () => {
  const smtpUrl = "smtps://me:password@mail.example";
  const rest = {
    linkKey: "K".repeat(32),
    collectorUrl: "https://events.example",
    siteUrl: "https://shop.example",
  };
  expect(readConfig({ ...good, MAIL: JSON.stringify({ smtpUrl, ...rest }) }).mail).toEqual({
    smtp: {
      host: "mail.example",
      port: 465,
      tls: "implicit",
      login: { user: "me", password: "password" },
    },
    ...rest,
  });
  const wrong = { smtpUrl: "https://me:password@x", linkKey: "", siteUrl: "https://a/" };
  expect(() => readConfig({ ...good, MAIL: JSON.stringify(wrong) })).toThrow(
    [
      "MAIL.smtpUrl must be smtps://, smtp:// or smtp+plain:// with a host",
      "MAIL.linkKey must have 8-128 characters of [A-Za-z0-9_-]",
      "MAIL.collectorUrl must be an http(s) URL without / at its end",
      "MAIL.siteUrl must be an http(s) URL without / at its end",
    ]
      .map((one) => `${one}, got something else; leave MAIL out to send no letters`)
      .join("\n"),
  );
});

test("a previous webhook token is accepted beside the newest", () => {
  const { webhookTokens } = readConfig({ ...good, WEBHOOK_TOKEN_PREVIOUS: "fedcba9876543210" });
  expect(webhookTokens).toEqual(["0123456789abcdef", "fedcba9876543210"]);
});

test.each([
  ["PORT", "http", 'PORT must be a whole number from 1 to 65535, got "http"'],
  ["PORT", "0", 'PORT must be a whole number from 1 to 65535, got "0"'],
  [
    "DATABASE_URL",
    "mysql://x",
    "DATABASE_URL must be a PostgreSQL URL, got a value of 9 characters",
  ],
  [
    "CONNECTORS",
    "xoxb-secret",
    "connectors must be an object of settings by name, got a value of 11 characters that is not shown; write {} for none",
  ],
  ["CMS_URL", "cms:1337", 'CMS_URL must be an http(s) URL, got "cms:1337"'],
  ["CMS_API_TOKEN", "", "CMS_API_TOKEN must be set and have no white space, got nothing"],
  [
    "CMS_API_TOKEN",
    "token\n",
    "CMS_API_TOKEN must be set and have no white space, got a value of 6",
  ],
  [
    "WEBHOOK_TOKEN",
    "short",
    "WEBHOOK_TOKEN must have at least 16 characters and no white space, got a value of 5",
  ],
  ["WEBHOOK_TOKEN_PREVIOUS", "short", "WEBHOOK_TOKEN_PREVIOUS must have at least 16 characters"],
  ["CHAT_WEBHOOK_URL", "chat", "CHAT_WEBHOOK_URL must be an http(s) URL, got a value of 4"],
  [
    "RETENTION_DAYS",
    '{"website":0}',
    'RETENTION_DAYS must hold whole numbers of days from 1 by the names of sources, got {"website":0}',
  ],
  [
    "LOG_LEVEL",
    "loud",
    'LOG_LEVEL must be one of trace, debug, info, warn, error, fatal, got "loud"',
  ],
])("fails on %s=%j", (name, value, message) => {
  expect(() => readConfig({ ...good, [name]: value })).toThrow(message);
});

test("fails with all problems at once and shows no secret", () => {
  const read = (): unknown =>
    readConfig({ DATABASE_URL: "secret-password", WEBHOOK_TOKEN: "hush", PORT: "x" });
  expect(read).toThrow(/PORT.*\nDATABASE_URL.*\nCMS_URL.*\nCMS_API_TOKEN.*\nWEBHOOK_TOKEN/);
  expect(read).not.toThrow(/secret-password|hush/);
});
