import { contentTypeNames, contentTypes, type ContentType } from "./content-types.ts";
import { fieldsOf, type Fields } from "./fields.ts";
import type { LocalEntry } from "./snapshot.ts";

/** Entries per page of a listing; the CMS's maximum. */
const PAGE_SIZE = 100;

/** The most one answer may take, in milliseconds. */
const TIMEOUT = 30_000;

/** What of an entry is read: what visitors see, or what editors work on. */
export type Status = "published" | "draft";

/** The content of one environment's CMS. */
export interface ContentCms {
  /** All entries in all locales. @throws Error also if they change while they are read. */
  entries(status: Status): Promise<LocalEntry[]>;

  /** Digests of the snapshots that were brought here: the last one, and before it one that an update is under way to. */
  brought(): Promise<string[]>;

  /** Notes what {@link brought} answers from now on. */
  note(digests: readonly string[]): Promise<void>;

  /** Writes a locale of an entry and publishes it; without an id a new entry. @returns the entry's id. */
  publish(entry: WrittenEntry): Promise<string>;

  /** Takes a locale of an entry back; its draft stays. */
  unpublish(entry: Pick<LocalEntry, "type" | "documentId" | "locale">): Promise<void>;
}

/** A locale of an entry to be published. */
export interface WrittenEntry {
  readonly type: ContentType;
  readonly documentId: string | undefined;
  readonly locale: string;
  readonly fields: Fields;
}

/**
 * The CMS by its REST API.
 *
 * @param token the stack's `contentApiToken`.
 * @throws Error (from its methods) with the status if the CMS refuses, or with the reason if it does not answer.
 */
export function contentCms(url: string, token: string): ContentCms {
  return {
    entries: async (status) =>
      (await Promise.all(contentTypeNames.map((type) => listed(type, status)))).flat(),
    brought: async () => (await call<{ digests: string[] }>("GET", "released-content"))!.digests,
    note: async (digests) => void (await call("PUT", "released-content", { digests })),
    publish: async ({ type, documentId, locale, fields }) => {
      const { collection } = contentTypes[type];
      const query = new URLSearchParams({ locale, status: "published" });
      const written = documentId === undefined ? collection : `${collection}/${documentId}`;
      const method = documentId === undefined ? "POST" : "PUT";
      return (await call<{ documentId: string }>(method, `${written}?${query}`, fields))!
        .documentId;
    },
    unpublish: async ({ type, documentId, locale }) => {
      const uid = `api::${type}.${type}`;
      await call("POST", "released-content/unpublish", { uid, documentId, locale });
    },
  };

  /** All entries of a type, in an order that does not change when one is published again. */
  async function listed(type: ContentType, status: Status): Promise<LocalEntry[]> {
    const found = new Map<string, LocalEntry>();
    for (let page = 1; ; page += 1) {
      const query = new URLSearchParams({
        locale: "*",
        status,
        populate: "*",
        "sort[0]": "documentId:asc",
        "sort[1]": "locale:asc",
        "pagination[page]": String(page),
        "pagination[pageSize]": String(PAGE_SIZE),
      });
      const { data, meta } = await answer<Listing>(
        "GET",
        `${contentTypes[type].collection}?${query}`,
      );
      for (const entry of data) {
        const { documentId, locale } = entry;
        found.set(`${documentId} ${locale}`, { type, documentId, locale, fields: fieldsOf(entry) });
      }
      if (page < meta.pagination.pageCount) continue;
      if (found.size === meta.pagination.total) return [...found.values()];
      throw new Error(
        `content must not change while it is read, got ${found.size} of ${meta.pagination.total} entries of ${type}; run the command again`,
      );
    }
  }

  async function call<T>(method: string, path: string, data?: unknown): Promise<T | undefined> {
    return (await answer<{ data: T } | undefined>(method, path, data))?.data;
  }

  async function answer<T>(method: string, path: string, data?: unknown): Promise<T> {
    const at = new URL(`/api/${path}`, url);
    const answered = await fetch(at, {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      ...(data !== undefined && { body: JSON.stringify({ data }) }),
      signal: AbortSignal.timeout(TIMEOUT),
    }).catch((error: Error) => {
      const { message } = (error.cause as Error | undefined) ?? error;
      throw new Error(`the CMS at ${url} must answer, got: ${message}`, { cause: error });
    });
    const text = await answered.text();
    if (!answered.ok) {
      throw new Error(
        `the CMS must answer ${method} ${at.pathname}, got ${answered.status}: ${text.slice(0, 500)}`,
      );
    }
    return (text === "" ? undefined : JSON.parse(text)) as T;
  }
}

interface Listing {
  readonly data: readonly (Record<string, unknown> & { documentId: string; locale: string })[];
  readonly meta: { readonly pagination: { readonly pageCount: number; readonly total: number } };
}
