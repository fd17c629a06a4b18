import { createHash } from "node:crypto";

/** What can happen to an entry of the CMS. */
export type PublicationAction = "publish" | "unpublish" | "delete";

/** One change of what the public sees. */
export interface Publication {
  /** UUID made from all that identifies it: however often it is reported, it is the same publication. */
  readonly id: string;
  readonly action: PublicationAction;
  /** Content type, e.g. `page`. */
  readonly model: string;
  /** Strapi's document id. */
  readonly documentId: string;
  /** Locale, e.g. `en`; empty where the content type has none. */
  readonly locale: string;
  /** Path of the entry, up to 256 characters; empty where it has none. */
  readonly slug: string;
  /** What people call it, up to 256 characters; empty where it has no name. */
  readonly title: string;
  /** When it happened: ISO 8601, UTC. */
  readonly occurredAt: string;
}

/** A content type as the REST API knows it. */
export interface ContentType {
  /** Name of its collection. */
  readonly collection: string;
  /** Field that holds what people call an entry. */
  readonly titleField: "title" | "subject";
  /** Whether entries of one slug differ by their field `variant`. */
  readonly variesByVariant: boolean;
}

/** Content types whose publications are recorded, by the name that a webhook has for them. */
export const contentTypes: ReadonlyMap<string, ContentType> = new Map([
  ["page", { collection: "pages", titleField: "title", variesByVariant: false }],
  ["landing-page", { collection: "landing-pages", titleField: "title", variesByVariant: true }],
  [
    "email-template",
    { collection: "email-templates", titleField: "subject", variesByVariant: false },
  ],
]);

/** An entry as the webhook and the REST API show it. */
export interface Entry {
  readonly documentId?: unknown;
  readonly locale?: unknown;
  readonly publishedAt?: unknown;
  readonly slug?: unknown;
  readonly title?: unknown;
  readonly subject?: unknown;
}

/**
 * The publication that an entry tells of.
 *
 * @param occurredAt of `publish` the entry's own `publishedAt`, which webhook and REST API both show.
 * @returns undefined if the entry has no document id or the time is not ISO 8601.
 */
export function publicationOf(
  action: PublicationAction,
  model: string,
  entry: Entry,
  occurredAt: unknown,
): Publication | undefined {
  const documentId = text(entry.documentId);
  const time = timeOf(occurredAt);
  if (documentId === "" || time === undefined) return undefined;
  const locale = text(entry.locale);
  const identity = [action, model, documentId, locale, time];
  return {
    id: uuidOf(identity.join("\n")),
    action,
    model,
    documentId,
    locale,
    slug: text(entry.slug),
    title: text(entry.title) || text(entry.subject),
    occurredAt: time,
  };
}

/** A UUID (version 8) made from the SHA-256 of a text. */
export function uuidOf(name: string): string {
  const bytes = createHash("sha256").update(name).digest().subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x80;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString("hex");
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ].join("-");
}

function timeOf(value: unknown): string | undefined {
  if (typeof value !== "string" || !/^\d{4}-\d\d-\d\dT/.test(value)) return undefined;
  const time = new Date(value);
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString();
}

/** Bounded, and without what PostgreSQL's jsonb refuses: NUL and half a surrogate pair. */
function text(value: unknown): string {
  if (typeof value !== "string") return "";
  return value.slice(0, 256).replace(/\0|\p{Surrogate}/gu, "");
}
