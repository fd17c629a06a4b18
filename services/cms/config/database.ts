import type { Core } from "@strapi/strapi";

import { logLine } from "../src/log-line.ts";

/** What the query builder would print as bare text becomes lines of the log. */
const lines = (level: string) => (message: unknown) => console.log(logLine(level, message));

export default ({ env }: Core.Config.Shared.ConfigParams) => ({
  connection: {
    client: "postgres",
    connection: { connectionString: env("DATABASE_URL") },
    // Per replica; PostgreSQL's default of 100 connections is shared with the other services.
    pool: { min: 2, max: 10 },
    log: { warn: lines("warn"), error: lines("error"), deprecate: lines("debug") },
  },
});
