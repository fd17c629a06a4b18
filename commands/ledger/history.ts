import type { Change } from "./change.ts";
import { onLedger } from "./connection.ts";
import { waitingChanges } from "./outbox.ts";

/** A change, and whether the environment's database has it. */
export interface HistoryEntry extends Change {
  readonly recorded: boolean;
}

/** What is known of an environment, and what could not be asked. */
export interface History {
  /** Oldest first. */
  readonly entries: readonly HistoryEntry[];
  /** Why the database could not be asked; undefined if it was. */
  readonly unreachable: string | undefined;
}

/** Kinds of changes that are an environment's story; publications of content and looks for drift are not. */
const KINDS: readonly Change["kind"][] = [
  "deploy",
  "promotion",
  "rollback",
  "gate",
  "incident",
  "backup",
  "restore",
  "restore-drill",
];

/**
 * The story of an environment: what its ledger has, and what waits in the outbox. Needs neither.
 *
 * @param url of the read-only login; undefined if only the cluster reaches the database.
 */
export async function readHistory(environment: string, url: string | undefined): Promise<History> {
  // In this order, so that a change that is drained meanwhile is in one of them.
  const waiting = await waitingChanges(environment);
  let recorded: Change[] = [];
  let unreachable: string | undefined;
  try {
    if (url === undefined) throw new Error("it is not reached from this machine");
    recorded = await recordedChanges(environment, url);
  } catch (error) {
    unreachable = (error as Error).message || String(error);
  }
  const known = new Set(recorded.map(({ id }) => id));
  const rest = waiting.filter(({ id }, index) => {
    const isFirst = waiting.findIndex((other) => other.id === id) === index;
    return isFirst && !known.has(id);
  });
  const entries = [
    ...recorded.map((change) => ({ ...change, recorded: true })),
    ...rest.map((change) => ({ ...change, recorded: false })),
  ];
  return { entries: entries.sort((a, b) => (a.occurredAt < b.occurredAt ? -1 : 1)), unreachable };
}

interface Row {
  readonly id: string;
  readonly kind: Change["kind"];
  readonly subject: string;
  readonly actor: string;
  readonly occurred_at: Date;
  readonly details: Record<string, unknown> & { environment: string };
}

async function recordedChanges(environment: string, url: string): Promise<Change[]> {
  return onLedger(url, async (client) => {
    const { rows } = await client.query<Row>(
      `select id, kind, subject, actor, occurred_at, details from ledger.change
       where kind = any($1) and details->>'environment' = $2 order by occurred_at`,
      [KINDS, environment],
    );
    return rows.map(({ occurred_at, details: { environment: of, ...details }, ...change }) => ({
      ...change,
      environment: of,
      occurredAt: occurred_at.toISOString(),
      details,
    }));
  });
}
