import { databaseVolume } from "../../infra/database-start.ts";

/**
 * What the database's container runs to write all of a stack's data as SQL: roles, both databases, and what another server must
 * know of the event log.
 *
 * With `hold` it first stops writing, for good until the server starts again: transactions are read-only, and those that were under
 * way are ended. The dump then also stays on the volume, where the first start of another major version takes it. Where it fails and
 * no dump is there, writing goes on, and it says so.
 */
export function dumpScript({ hold }: { readonly hold: boolean }): string {
  return hold ? `${preamble}${holdWrites}dump | tee "$kept.new"\n${keep}` : `${preamble}dump\n`;
}

/** What it says once it has ended, without a dump, what `hold` holds up. */
export const holdEnded = "the database takes changes again";

/** Its last lines, each with its newline: what does not end with them is not whole. */
export const dumpEnd = ["UPDATE profiles.progress SET stored_by = 1;\n", "COMMIT;\n"] as const;

const preamble = `set -euo pipefail
volume=${databaseVolume}
bin=$(echo /usr/lib/postgresql/*/bin)
PATH=$bin:$PATH
kept=$volume/upgrade-from-$(basename "\${bin%/bin}").sql
export PGUSER=postgres
query() { psql --no-psqlrc --quiet --tuples-only --no-align --set=ON_ERROR_STOP=1 --dbname=postgres --command="$1"; }
dump() {
  # The administrator is there before any dump is loaded.
  pg_dumpall --roles-only | sed '/^CREATE ROLE postgres;$/d'
  pg_dump --create cms
  pg_dump --create marketing
  cat <<'SQL'
${renumberTransactions()}SQL
}
`;

// The setting counts for each transaction that begins once the server has it; whoever began one before is sent away.
const holdWrites = `goOn() {
  rm -f "$kept.new"
  [ ! -e "$kept" ] || return
  query "alter system reset default_transaction_read_only"
  query "select pg_reload_conf()" >/dev/null
  echo "${holdEnded}" >&2
}
trap goOn EXIT
query "alter system set default_transaction_read_only = on"
query "select pg_reload_conf()" >/dev/null
until [ "$(query "show default_transaction_read_only")" = on ]; do sleep 0.1; done
query "select pg_terminate_backend(pid) from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()" >/dev/null
`;

const keep = `sync "$kept.new"
mv "$kept.new" "$kept"
`;

/**
 * Numbers of transactions mean nothing to another server: events that the profiles have count as stored by transaction 0, the
 * others by 1, where following the log goes on. What came back of mails is taken from the beginning: what is known is not taken
 * again. Who dumps may be newer than the stack, which need not know of it.
 */
function renumberTransactions(): string {
  return `\\connect marketing
BEGIN;
UPDATE events.event SET stored_by = (stored_by >= (SELECT stored_by FROM profiles.progress))::int;
DO $$ BEGIN
  IF to_regclass('campaigns.feedback_progress') IS NOT NULL THEN UPDATE campaigns.feedback_progress SET stored_by = 0; END IF;
END $$;
${dumpEnd.join("")}`;
}
