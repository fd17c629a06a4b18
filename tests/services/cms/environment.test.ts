import { environmentProblems } from "../../../services/cms/src/environment.ts";

const complete: Readonly<Record<string, string>> = {
  DATABASE_URL: "postgres://cms:secret@database:5432/cms",
  APP_KEYS: "first-key-first-key,second-key-second-key",
  API_TOKEN_SALT: "api-token-salt-api-token-salt",
  ADMIN_JWT_SECRET: "admin-jwt-secret-admin-jwt",
  TRANSFER_TOKEN_SALT: "transfer-token-salt-transfer",
  JWT_SECRET: "jwt-secret-jwt-secret",
  ENCRYPTION_KEY: "encryption-key-encryption-key",
  ADMIN_EMAIL: "admin@example.com",
  ADMIN_PASSWORD: "Correct-Horse-1",
  WORKER_API_TOKEN: "worker-token-worker-token",
  CONTENT_API_TOKEN: "content-token-content-token",
  WEBHOOK_TOKEN: "webhook-token-webhook-token",
  WEBHOOK_URL: "http://worker:8080/webhooks/cms",
  PUBLIC_URL: "http://127.0.0.1:30100",
};

test("a complete environment has no problems, with and without what has a default", () => {
  expect(environmentProblems(complete)).toEqual([]);
  const rotated = {
    API_TOKEN_SALT_PREVIOUS: "former-salt-former-salt",
    WORKER_API_TOKEN_PREVIOUS: "former-token-former-token",
    CONTENT_API_TOKEN_PREVIOUS: "former-token-former-token",
  };
  expect(environmentProblems({ ...complete, ...rotated })).toEqual([]);
  expect(
    environmentProblems({ ...complete, HOST: "0.0.0.0", PORT: "1337", LOG_LEVEL: "http" }),
  ).toEqual([]);
});

test("fails on an empty environment with every variable that has no default", () => {
  expect(environmentProblems({}).sort()).toEqual(
    Object.keys(complete)
      .map((name) => `${name} must be set, got nothing`)
      .sort(),
  );
});

test("fails with all problems at once", () => {
  const wrong = { ...complete, PORT: "0", PUBLIC_URL: "example.com", LOG_LEVEL: "loud" };
  expect(environmentProblems(wrong)).toEqual([
    'PORT must be a port from 1 to 65535, got "0"',
    'LOG_LEVEL must be one of error, warn, info, http, debug, got "loud"',
    'PUBLIC_URL must be a URL that begins with http:// or https://, got "example.com"',
  ]);
});

test.each([
  ["DATABASE_URL", "mysql://cms:hunter2@database/cms", "be a URL that begins with postgres://"],
  ["APP_KEYS", "long-enough-long-enough,hunter2", "be keys of at least 16 characters"],
  ["JWT_SECRET", "hunter2", "have at least 16 characters, got 7 characters"],
  ["ADMIN_PASSWORD", "hunter2", "have 8 to 72 bytes, got 7 characters"],
  ["ADMIN_PASSWORD", "hunter2".repeat(11), "have 8 to 72 bytes, got 77 characters"],
])("fails on a wrong %s without repeating it", (name, value, rule) => {
  const [problem, ...others] = environmentProblems({ ...complete, [name]: value });
  expect(problem).toContain(`${name} must ${rule}`);
  expect(problem).not.toContain("hunter2");
  expect(others).toEqual([]);
});
