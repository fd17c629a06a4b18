import type { Core } from "@strapi/strapi";

export default ({ env }: Core.Config.Shared.ConfigParams) => {
  const url = env("PUBLIC_URL", "");
  return {
    host: env("HOST", "0.0.0.0"),
    port: env.int("PORT", 1337),
    url,
    // An https address means that a proxy in front ends TLS; only then are its X-Forwarded-* headers believed.
    proxy: { koa: url.startsWith("https://") },
    app: { keys: env.array("APP_KEYS") },
    logger: { updates: { enabled: false }, startup: { enabled: false } },
  };
};
