import type { Core } from "@strapi/strapi";

/** How late the most overdue scheduled release of Strapi is, in seconds; 0 if none is. */
export async function overdueSeconds(strapi: Core.Strapi): Promise<number> {
  const now = Date.now();
  const overdue = await strapi.db.query("plugin::content-releases.release").findOne({
    where: { releasedAt: null, scheduledAt: { $lt: new Date(now) } },
    orderBy: { scheduledAt: "asc" },
  });
  return overdue ? (now - new Date(overdue.scheduledAt).getTime()) / 1_000 : 0;
}
