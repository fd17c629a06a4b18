import { drop, ok } from "../outcome.ts";
import type { Publication } from "../publication.ts";
import type { Task } from "../task.ts";

/**
 * Records a publication in the ledger and, with it, enqueues what tells the chat: both or neither, once. The ledger
 * never waits for the chat.
 */
const recordPublication: Task<Publication> = async (
  publication,
  { ledger, notifyChat, recorded },
) => {
  const isNew = await ledger.record(publication, (transaction) =>
    notifyChat(publication, transaction),
  );
  if (!isNew) return drop("recorded before");
  recorded();
  return ok;
};

export default recordPublication;
