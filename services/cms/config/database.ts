import type { Core } from "@strapi/strapi";

export default ({ env }: Core.Config.Shared.ConfigParams) => ({
  connection: {
    client: "postgres",
    connection: { connectionString: env("DATABASE_URL") },
    // Per replica; PostgreSQL's default of 100 connections is shared with the other services.
    pool: { min: 2, max: 10 },
  },
});
