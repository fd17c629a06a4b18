import { Gauge, type Registry } from "prom-client";
import { shownAnew } from "./shown-anew.ts";
import type { Transaction } from "./transaction.ts";

/** What the ledger knows of how an environment is cared for. */
export interface Care {
  /** Since the newest good backup, in seconds; null before the first one. */
  readonly backupAge: number | null;
  /** Since the newest restore that went well, in seconds; null before the first one. */
  readonly restoreDrillAge: number | null;
  /** Things that the last look found changed by hand; 0 after a deploy, which changes them back. */
  readonly driftChanges: number;
}

/** Reads it from the ledger. */
export async function readCare(database: Transaction, environment: string): Promise<Care> {
  const { rows } = await database.query<Care>(
    `select
       (${AGE} and kind = 'backup') as "backupAge",
       (${AGE} and kind = 'restore-drill') as "restoreDrillAge",
       coalesce((
         select case kind when 'drift' then (details->>'changes')::float8 else 0 end from ledger.change
         where details->>'environment' = $1
           and (kind = 'drift' or (kind = 'deploy' and details->>'outcome' = 'succeeded'))
         order by occurred_at desc limit 1
       ), 0) as "driftChanges"`,
    [environment],
  );
  return rows[0]!;
}

const AGE = `select extract(epoch from now() - max(occurred_at))::float8 from ledger.change
  where details->>'environment' = $1 and details->>'outcome' = 'succeeded'`;

/**
 * Adds it to a registry. Ages begin with the first backup and the first drill.
 *
 * @param read as for {@link shownAnew}.
 */
export function addCareMetrics(registry: Registry, read: () => Promise<Care>): void {
  const gauge = (name: string, help: string, valueOf: (care: Care) => number | null): void => {
    new Gauge({
      name,
      help,
      labelNames: ["kind"],
      registers: [registry],
      collect: shownAnew(read, (care) => {
        const value = valueOf(care);
        return value === null ? [] : [[{ kind: "ledger" }, value]];
      }),
    });
  };
  gauge("backup_age_seconds", "Since the newest good backup.", ({ backupAge }) => backupAge);
  gauge(
    "restore_drill_age_seconds",
    "Since a backup was last restored to see that it can be.",
    ({ restoreDrillAge }) => restoreDrillAge,
  );
  gauge("drift_changes", "Things that were changed by hand.", ({ driftChanges }) => driftChanges);
}
