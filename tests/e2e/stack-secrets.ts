import { createHmac, randomUUID } from "node:crypto";
import pg from "pg";
import { unsubscribeToken } from "../../services/contract/mail-feedback.ts";
import type { AdminSession } from "./cms.ts";
import { kubectl, type TestStack } from "./stack.ts";

/** What the Secrets of a stack hold: value by key by Secret. */
export type StackSecrets = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Reads all Secrets of a stack's namespace. */
export async function readSecrets(stack: string): Promise<StackSecrets> {
  const { items } = JSON.parse(
    await kubectl(`--namespace=${stack}`, "get", "secrets", "--output=json"),
  ) as { items: { metadata: { name: string }; data: Record<string, string> }[] };
  const decoded = (data: Record<string, string>) =>
    Object.fromEntries(
      Object.entries(data).map(([key, value]) => [key, Buffer.from(value, "base64").toString()]),
    );
  return Object.fromEntries(items.map(({ metadata, data }) => [metadata.name, decoded(data)]));
}

/** Whether something was opened: `open`, or the status or code of the refusal. */
type Answer = string;

/** Who asks besides the services. */
export interface People {
  readonly session: AdminSession;
  /** Id of a user of the CMS's site. */
  readonly siteUser: number;
}

/** What the stack as it is now answers to each secret in `secrets`: each is tried alone, with all else as it is now. */
export async function whatOpens(
  stack: TestStack,
  secrets: StackSecrets,
  { session, siteUser }: People,
): Promise<Readonly<Record<string, Answer>>> {
  const { cms = {}, collector = {}, worker = {}, database = {} } = secrets;
  const visitor = signed({ alg: "HS256", typ: "JWT" }, siteUserClaims(siteUser), cms.JWT_SECRET!);
  const token = resigned(session.token, cms.ADMIN_JWT_SECRET!);
  return {
    "cms-admin-password": await send(stack.urls.cms, "/admin/login", {
      body: { email: stack.admin.email, password: cms.ADMIN_PASSWORD },
    }),
    "cms-admin-jwt-secret": await send(stack.urls.cms, "/admin/users/me", bearer(token)),
    "cms-jwt-secret": await send(stack.urls.cms, "/api/users/me", bearer(visitor)),
    // Strapi signs its cookie and does not look at the signature again.
    "cms-app-keys": isSignedBy(cms.APP_KEYS!, session) ? "open" : "signed by another key",
    "cms-worker-api-token": await send(
      stack.urls.cms,
      "/api/email-templates",
      bearer(cms.WORKER_API_TOKEN!),
    ),
    "cms-content-api-token": await send(
      stack.urls.cms,
      "/api/released-content",
      bearer(cms.CONTENT_API_TOKEN!),
    ),
    // A worker that knows the token says next that the body is no webhook's.
    "cms-webhook-token": (
      await send(stack.urls.worker, "/webhooks/cms", { ...bearer(worker.WEBHOOK_TOKEN!), body: {} })
    ).replace("400", "open"),
    "collector-website": await writeKeyOpens(stack, secrets),
    "collector-mail": await send(stack.urls.collector, linkOf(collector.SOURCES!), {}),
    "database-postgres": await opened(
      stack,
      `postgres://postgres:${database.POSTGRES_PASSWORD}@database/postgres`,
    ),
    "database-cms": await opened(stack, cms.DATABASE_URL!),
    "database-collector": await opened(stack, collector.DATABASE_URL!),
    "database-worker": await opened(stack, worker.DATABASE_URL!),
  };
}

/** What the collector answers to the newest write key in `secrets`. */
export function writeKeyOpens(stack: TestStack, { collector = {} }: StackSecrets): Promise<Answer> {
  const { writeKey } = JSON.parse(collector.SOURCES!).website as { writeKey: string };
  return send(stack.urls.collector, "/v1/track", {
    headers: { authorization: `Basic ${btoa(`${writeKey}:`)}` },
    body: { type: "track", event: "Secret Checked", anonymousId: "checker" },
  });
}

/** Path of a link in a letter, signed with the newest key. */
function linkOf(sources: string): string {
  const { writeKey } = JSON.parse(sources).mail as { writeKey: string };
  return `/mail/unsubscribe/${unsubscribeToken(writeKey, randomUUID())}`;
}

/** Whether the first of `keys` signed the session's cookie, in the way of Koa. */
function isSignedBy(keys: string, { cookie, signature }: AdminSession): boolean {
  const [first = ""] = keys.split(",");
  return createHmac("sha1", first).update(cookie).digest("base64url") === signature;
}

function bearer(token: string) {
  return { headers: { authorization: `Bearer ${token}` } };
}

/** Asks for a path, with POST if there is a body. */
async function send(
  url: string,
  path: string,
  { headers = {}, body }: { headers?: Record<string, string>; body?: unknown },
): Promise<Answer> {
  const answer = await fetch(new URL(path, url), {
    method: body === undefined ? "GET" : "POST",
    headers: { ...headers, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  await answer.body?.cancel();
  return answer.ok ? "open" : String(answer.status);
}

/** Connects to the stack's database from outside, by a URL of inside. */
export async function opened(stack: TestStack, inside: string): Promise<Answer> {
  const url = new URL(inside);
  url.host = new URL(stack.database).host;
  const client = new pg.Client({ connectionString: url.href });
  try {
    await client.connect();
    await client.query("SELECT 1");
    return "open";
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  } finally {
    await client.end();
  }
}

function siteUserClaims(id: number): object {
  const now = Math.floor(Date.now() / 1000);
  return { id, iat: now, exp: now + 600 };
}

/** A JSON web token. */
function signed(header: object, claims: object, secret: string): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  return resigned(`${part(header)}.${part(claims)}.`, secret);
}

/** The same token, signed with `secret`. */
function resigned(token: string, secret: string): string {
  const body = token.split(".").slice(0, 2).join(".");
  return `${body}.${createHmac("sha256", secret).update(body).digest("base64url")}`;
}
