import { ok } from "../outcome.ts";
import { contentTypes } from "../publication.ts";
import type { Task } from "../task.ts";

/** How far behind the newest recorded publication it looks, in milliseconds: webhooks may arrive out of order. */
const OVERLAP = 10 * 60_000;

/**
 * Finds publications that no webhook told of: the CMS sends each webhook once and forgets it.
 *
 * A publication has the same id here as in its webhook, so one that is known already is not recorded again.
 */
const reconcilePublications: Task<object> = async (_data, { cms, ledger, recordPublication }) => {
  for (const model of Object.keys(contentTypes)) {
    const newest = await ledger.newestPublication(model);
    const since = new Date(newest ? newest.getTime() - OVERLAP : 0);
    for (const publication of await cms.publishedSince(model, since)) {
      await recordPublication(publication);
    }
  }
  return ok;
};

export default reconcilePublications;
