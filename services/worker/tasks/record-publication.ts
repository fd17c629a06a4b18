import { ok } from "../outcome.ts";
import type { Publication } from "../publication.ts";
import type { Task } from "../task.ts";

/** Records a publication in the ledger, then has the chat told. The ledger never waits for the chat. */
const recordPublication: Task<Publication> = async (publication, { ledger, notifyChat }) => {
  await ledger.record(publication);
  await notifyChat(publication);
  return ok;
};

export default recordPublication;
