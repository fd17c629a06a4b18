import type pg from "pg";
import { oneLine } from "../printable.ts";

/** Bad rows of one source, dialect, path and cause. */
export interface BadRowGroup {
  readonly source: string;
  readonly dialect: string;
  readonly path: string;
  /** Reason up to what the rows got. */
  readonly cause: string;
  readonly rows: number;
  /** How many of them were replayed. */
  readonly replayed: number;
  /** How many events those became, and how many were new in the log. */
  readonly events: number;
  readonly stored: number;
  readonly firstAt: Date;
  readonly lastAt: Date;
  /** Id of one that was not replayed; null if all were. */
  readonly example: string | null;
}

/** SQL of a row's cause. */
export const CAUSE = "regexp_replace(reason, ', got .*$', '')";

/** All bad rows, grouped by what is wrong with them; the largest groups first. */
export async function badRowGroups(client: pg.ClientBase): Promise<BadRowGroup[]> {
  const { rows } = await client.query<BadRowGroup>(
    `SELECT bad_row.source, dialect, path, ${CAUSE} AS cause, count(*)::int AS rows,
       count(replay.bad_row)::int AS replayed,
       coalesce(sum(jsonb_array_length(keys)), 0)::int AS events, coalesce(sum(stored), 0)::int AS stored,
       min(received_at) AS "firstAt", max(received_at) AS "lastAt",
       min(bad_row.id) FILTER (WHERE replay.bad_row IS NULL) AS example
     FROM events.bad_row LEFT JOIN events.replay ON replay.bad_row = bad_row.id
     GROUP BY 1, 2, 3, 4 ORDER BY rows DESC, 1, 2, 3, 4`,
  );
  return rows;
}

/** For people: a line for each group, and one on what became of it. */
export function groupsText(groups: readonly BadRowGroup[]): string {
  if (groups.length === 0) return "no bad rows";
  return groups
    .map((group) => {
      const { source, dialect, path, cause, rows, replayed, events, stored, example } = group;
      const where = [source || "(no source)", dialect || "(no dialect)", path].join(" ");
      const period = [group.firstAt, group.lastAt].map((at) => at.toISOString()).join(" to ");
      const become =
        replayed > 0 ? `\n    ${replayed} replayed: ${events} events, ${stored} of them new` : "";
      const look = example ? `\n    npm run bad-rows -- show ${example}` : "";
      return `${String(rows).padStart(7)}  ${where}: ${oneLine(cause)}\n    ${period}${become}${look}`;
    })
    .join("\n");
}
