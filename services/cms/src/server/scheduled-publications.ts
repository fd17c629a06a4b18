import type { Core } from "@strapi/strapi";

import { contentTypes } from "../content-types.ts";
import {
  scheduleFields,
  type ScheduledAction,
  type ScheduledChange,
} from "../scheduled-content.ts";

/** A row of an entry, as far as it matters here. */
interface Row {
  readonly id: number;
  readonly documentId: string;
  readonly locale: string;
  readonly slug: string | null;
  readonly publishAt: string | Date | null;
  readonly unpublishAt: string | Date | null;
}

const actions = Object.keys(scheduleFields) as ScheduledAction[];

/** Why a change was not carried out. */
export type Refusal =
  /** Somebody did it, scheduled it for another time, or not any more. */
  | "changed"
  /** By the CMS's clock. */
  | "early";

/** A change whose time has come. */
export interface DueChange extends ScheduledChange {
  /** Empty while an entry has none. */
  readonly slug: string;
  readonly lateSeconds: number;
}

/**
 * What is due and not done, the longest due first. Drafts hold it: what is published does not say what is to come.
 *
 * @param most how many at the most.
 */
export async function dueChanges(
  strapi: Core.Strapi,
  now: Date,
  most: number,
): Promise<DueChange[]> {
  const listed = await Promise.all(
    contentTypes.flatMap((uid) =>
      actions.map(async (action): Promise<DueChange[]> => {
        const field = scheduleFields[action];
        const rows: Row[] = await strapi.db.query(uid).findMany({
          where: { publishedAt: null, [field]: { $lte: now } },
          orderBy: [{ [field]: "asc" }, { id: "asc" }],
          limit: most,
        });
        return rows.map(({ documentId, locale, slug, ...row }) => {
          const at = new Date(row[field]!);
          const lateSeconds = (now.getTime() - at.getTime()) / 1_000;
          return {
            action,
            uid,
            documentId,
            locale,
            slug: slug ?? "",
            at: at.toISOString(),
            lateSeconds,
          };
        });
      }),
    ),
  );
  return listed
    .flat()
    .sort((a, b) => (a.at === b.at ? 0 : a.at < b.at ? -1 : 1))
    .slice(0, most);
}

/**
 * Does what an editor scheduled and takes it off the schedule, both or neither: asked twice, or by two at once, it is done once.
 *
 * @returns why not; undefined if it is done.
 * @throws what Strapi throws of an entry that cannot be published.
 */
export async function carryOut(
  strapi: Core.Strapi,
  { action, uid, documentId, locale, at }: ScheduledChange,
  now: Date,
): Promise<Refusal | undefined> {
  if (new Date(at) > now) return "early";
  return strapi.db.transaction(async () => {
    const field = scheduleFields[action];
    const draft = { documentId, locale, publishedAt: null, [field]: new Date(at) };
    const { count } = await strapi.db
      .query(uid)
      .updateMany({ where: draft, data: { [field]: null } });
    if (count === 0) return "changed";
    if (action === "publish") await strapi.documents(uid).publish({ documentId, locale });
    else await strapi.documents(uid).unpublish({ documentId, locale });
    return undefined;
  });
}

/** How late what is longest due is, in seconds; 0 if nothing is. */
export async function overdueSeconds(strapi: Core.Strapi): Promise<number> {
  const [longest] = await dueChanges(strapi, new Date(), 1);
  return longest?.lateSeconds ?? 0;
}
