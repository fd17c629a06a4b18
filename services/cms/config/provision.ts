import type { Core } from "@strapi/strapi";

/** What src/provision/ sets up at every start, by code instead of by hand in the admin page. */
export default ({ env }: Core.Config.Shared.ConfigParams) => ({
  admin: { email: env("ADMIN_EMAIL"), password: env("ADMIN_PASSWORD") },
  workerToken: env("WORKER_API_TOKEN"),
  webhook: { url: env("WEBHOOK_URL"), token: env("WEBHOOK_TOKEN") },
});
