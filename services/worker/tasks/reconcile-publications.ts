import { ok } from "../outcome.ts";
import { contentTypes } from "../publication.ts";
import type { Task } from "../task.ts";

const MINUTE = 60_000;

/** How far before the watermark it looks, in milliseconds: a publication is dated before it is visible. */
const OVERLAP = 10 * MINUTE;

/**
 * Finds publications that no webhook told of: the CMS sends each webhook once and forgets it.
 *
 * A publication has the same id here as in its webhook, so one that is known already is not recorded again. The
 * watermark follows what the CMS has listed, not what is in the ledger, because webhooks arrive after a gap as well.
 */
const reconcilePublications: Task<object> = async (
  _data,
  { cms, watermarks, recordPublication },
) => {
  for (const model of contentTypes.keys()) {
    const reached = await watermarks.read(model);
    const since = new Date(reached ? reached.getTime() - OVERLAP : 0);
    const publications = await cms.publishedSince(model, since);
    for (const publication of publications) await recordPublication(publication);
    const newest = publications.at(-1);
    if (newest) await watermarks.advance(model, new Date(newest.occurredAt));
  }
  return ok;
};

export default reconcilePublications;
