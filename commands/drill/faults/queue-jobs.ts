import type { Fault } from "../fault.ts";
import type { Stage } from "../stage.ts";

/** A job that nobody gets to do: its next try is a day away, as that of a task which fails again and again would be. */
export const stuckJob = jobs(
  `INSERT INTO jobs.job (name, data, state, retry_count, start_after)
   VALUES ('record-publication', '{"drill": "stuck"}', 'retry', 1, now() + interval '1 day')`,
  "stuck",
);

/** Jobs that were given up. */
export const deadJobs = jobs(
  `INSERT INTO jobs.job (name, data)
   SELECT 'record-publication-dead', '{"drill": "dead"}' FROM generate_series(1, 20)`,
  "dead",
);

/** Puts jobs into the queue by SQL, and takes those marked `{"drill": MARK}` out again. */
function jobs(insert: string, mark: string): Fault<null> {
  return {
    isExclusive: false,
    prepare: async () => null,
    async inject({ sql }: Stage) {
      await sql("marketing", insert);
      return new Date();
    },
    async heal({ sql }: Stage) {
      await sql("marketing", `DELETE FROM jobs.job WHERE data @> '{"drill": "${mark}"}'`);
    },
  };
}
