import type { Core } from "@strapi/strapi";

/** What src/provision/ sets up at every start, by code instead of by hand in the admin page. */
export default ({ env }: Core.Config.Shared.ConfigParams) => ({
  admin: { email: env("ADMIN_EMAIL"), password: env("ADMIN_PASSWORD") },
  // Newest first; more than one only while they are rotated.
  workerTokens: [env("WORKER_API_TOKEN"), env("WORKER_API_TOKEN_PREVIOUS")].filter(Boolean),
  contentTokens: [env("CONTENT_API_TOKEN"), env("CONTENT_API_TOKEN_PREVIOUS")].filter(Boolean),
  apiTokenSalts: [env("API_TOKEN_SALT"), env("API_TOKEN_SALT_PREVIOUS")].filter(Boolean),
  webhook: { url: env("WEBHOOK_URL"), token: env("WEBHOOK_TOKEN") },
});
