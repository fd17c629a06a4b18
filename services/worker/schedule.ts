import type { PublicationAction } from "./publication.ts";

/** The most that the CMS may take to list what is due or to carry it out, in milliseconds. */
const TIMEOUT = 30_000;

/** Something that an editor scheduled, and whose time has come. */
export interface DueChange {
  readonly action: Exclude<PublicationAction, "delete">;
  /** Content type, e.g. `page`. */
  readonly model: string;
  /** Strapi's document id. */
  readonly documentId: string;
  /** Locale, e.g. `en`. */
  readonly locale: string;
  /** Empty where the entry has none. */
  readonly slug: string;
  /** When it was to be done: ISO 8601, UTC. */
  readonly at: string;
  /** How long ago that is by the CMS's clock, which is the one that counts. */
  readonly lateSeconds: number;
}

/** What came of it. */
export type CarriedOut =
  | { readonly kind: "done" }
  /** Somebody did it or scheduled it otherwise meanwhile, or it is not due any more by the CMS's clock: then it is again later. */
  | { readonly kind: "changed" }
  /** It cannot be done until somebody mends the entry. */
  | { readonly kind: "refused"; readonly reason: string };

/** What editors scheduled in the CMS. */
export interface Schedule {
  /** What is due and not done, the longest due first. */
  due(): Promise<DueChange[]>;

  /** Does what is due, by the CMS: once, however often and by however many it is asked. */
  carryOut(change: DueChange): Promise<CarriedOut>;
}

/**
 * The schedule by the CMS's route `/api/scheduled-content`.
 *
 * @throws Error (from its methods) if the CMS does not answer, or fails.
 */
export function restSchedule(url: string, token: string): Schedule {
  return {
    async due() {
      const { status, body } = await call("GET");
      const { data } = body as { data?: readonly (Omit<DueChange, "model"> & { uid: string })[] };
      if (status !== 200 || !Array.isArray(data)) {
        throw new Error(`CMS must list what is scheduled, got status ${status}`);
      }
      return data.map(({ uid, ...change }) => ({ ...change, model: uid.split(".")[1]! }));
    },
    async carryOut({ action, model, documentId, locale, at }) {
      const uid = `api::${model}.${model}`;
      const { status, body } = await call("POST", { action, uid, documentId, locale, at });
      if (status === 400) return { kind: "refused", reason: reasonOf(body) };
      const { data } = body as { data?: { result?: unknown } };
      if (status !== 200 || !data) {
        throw new Error(`CMS must ${action} what is due, got status ${status}`);
      }
      return { kind: data.result === "done" ? "done" : "changed" };
    },
  };

  async function call(
    method: string,
    data?: object,
  ): Promise<{ readonly status: number; readonly body: object }> {
    const answer = await fetch(new URL("/api/scheduled-content", url), {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      ...(data && { body: JSON.stringify({ data }) }),
      signal: AbortSignal.timeout(TIMEOUT),
    });
    const body: unknown = await answer.json().catch(() => undefined);
    return { status: answer.status, body: typeof body === "object" && body !== null ? body : {} };
  }
}

/** What Strapi says of an entry that it does not publish, without the values of its fields. */
function reasonOf(body: object): string {
  const { error } = body as {
    error?: {
      message?: unknown;
      details?: { errors?: readonly { path?: readonly string[]; name?: string }[] };
    };
  };
  const fields = (error?.details?.errors ?? []).map(({ path = [] }) => path.join("."));
  const said = typeof error?.message === "string" ? error.message : "no reason";
  return [said, ...(fields.length > 0 ? [fields.join(", ")] : [])].join(": ").slice(0, 256);
}
