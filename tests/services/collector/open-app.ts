import type { IncomingHttpHeaders } from "node:http";

import type { Event } from "../../../services/contract/event.ts";
import type { SourceRules } from "../../../services/contract/source-rules.ts";
import type { Answer } from "../../../services/collector/answer.ts";
import { App } from "../../../services/collector/app.ts";
import type { BadRow } from "../../../services/collector/bad-row.ts";
import { dialects as eventDialects } from "../../../services/collector/dialects/all.ts";
import { decisionDialects } from "../../../services/collector/flags/all.ts";
import type { FlagRow } from "../../../services/collector/flags/flag-row.ts";
import { Flags } from "../../../services/collector/flags/flags.ts";
import { mailDialect } from "../../../services/collector/mail/mail.ts";
import { Metrics } from "../../../services/collector/metrics.ts";
import { RECORD_KINDS } from "../../../services/collector/record.ts";
import type { Refusal } from "../../../services/collector/refusals.ts";
import { Sources } from "../../../services/collector/sources.ts";
import { Spool } from "../../../services/collector/spool.ts";
import { temporaryFolder } from "./temporary-folder.ts";

/** The write key of source `website`. */
export const WRITE_KEY = "WRITE_KEY";

/** The write keys of source `mail`. */
export const MAIL_KEY = "MAIL_WRITE_KEY";
export const PREVIOUS_MAIL_KEY = "PREVIOUS_MAIL_WRITE_KEY";

/** HTTP Basic as Segment's SDKs send it. */
export const BASIC = `Basic ${Buffer.from(`${WRITE_KEY}:`).toString("base64")}`;

/** An app on a spool of its own, nothing drained; URLs are path and query. */
export interface OpenedApp {
  readonly app: App;
  readonly spool: Spool;
  post(url: string, body: unknown, headers?: IncomingHttpHeaders): Promise<Answer>;
  get(url: string, headers?: IncomingHttpHeaders): Promise<Answer>;
  /** What is in the spool; refusals apart. */
  kept(): Promise<{ events: Event[]; badRows: BadRow[] }>;
  refusals(): Promise<Refusal[]>;
}

/**
 * Opens an app; `body` of its `post` is bytes, text, or a value to send as JSON.
 *
 * @param rules of source `website`.
 */
export async function openApp(
  maxBytes = 64 * 1024 * 1024,
  rows: readonly FlagRow[] = [],
  rules?: SourceRules,
): Promise<OpenedApp> {
  const spool = await Spool.open({ folder: temporaryFolder(), maxBytes });
  const sources = new Sources([
    { name: "website", writeKey: WRITE_KEY, ...(rules && { rules }) },
    { name: "app", writeKey: "APP_WRITE_KEY" },
    { name: "mail", writeKey: MAIL_KEY, previousWriteKey: PREVIOUS_MAIL_KEY },
  ]);
  const flags = await Flags.open({
    read: async () => rows,
    folder: temporaryFolder(),
    onTrouble: () => undefined,
  });
  await flags.refresh();
  const dialects = [
    ...eventDialects,
    ...decisionDialects(flags),
    mailDialect([MAIL_KEY, PREVIOUS_MAIL_KEY]),
  ];
  const metrics = new Metrics({
    sources: sources.names,
    dialects: dialects.map(({ name }) => name),
    spool,
  });
  const app = new App({ sources, dialects, spool, metrics, onTrouble: () => undefined });
  const send = (
    method: string,
    url: string,
    headers: IncomingHttpHeaders,
    body: Buffer,
  ): Promise<Answer> => {
    const [path, query = ""] = url.split("?") as [string, string?];
    return app.handle({ method, path, query, headers, body });
  };
  const inSpool = async (kind: number): Promise<unknown[]> => {
    const { found } = await spool.read(Infinity, Infinity);
    return found
      .filter((one) => one.kind === kind)
      .map(({ payload }) => JSON.parse(payload.toString()));
  };
  return {
    app,
    spool,
    post: (url, body, headers = { authorization: BASIC }) => {
      const text = typeof body === "string" ? body : JSON.stringify(body);
      const bytes = Buffer.isBuffer(body) ? body : Buffer.from(text);
      return send("POST", url, headers, bytes);
    },
    get: (url, headers = {}) => send("GET", url, headers, Buffer.alloc(0)),
    kept: async () => ({
      events: (await inSpool(RECORD_KINDS.event)) as Event[],
      badRows: (await inSpool(RECORD_KINDS.badRow)) as BadRow[],
    }),
    refusals: async () => (await inSpool(RECORD_KINDS.refusal)) as Refusal[],
  };
}
