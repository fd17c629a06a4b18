import type { Flag } from "../../contract/flag.ts";
import type { Transaction } from "../transaction.ts";

/**
 * Makes the flags of campaigns those given: a changed one counts its version up, and those of campaigns that have none any more
 * go. Flags that no campaign declares stay.
 */
export async function writeFlags(transaction: Transaction, flags: readonly Flag[]): Promise<void> {
  await transaction.query(
    `insert into events.flags as known (key, version, flag)
     select flag->>'key', 1, flag from jsonb_array_elements($1::jsonb) as flag
     on conflict (key) do update set version = known.version + 1, flag = excluded.flag
     where known.flag <> excluded.flag`,
    [JSON.stringify(flags)],
  );
  await transaction.query(
    "delete from events.flags where flag->>'campaign' = key and key <> all ($1)",
    [flags.map(({ key }) => key)],
  );
}
