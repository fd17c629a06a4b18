import type { Core } from "@strapi/strapi";

import { ensureAdmin } from "./provision/admin.ts";
import { ensureContentToken } from "./provision/content-token.ts";
import { ensureLocales } from "./provision/locales.ts";
import { ensurePublicRole } from "./provision/public-role.ts";
import { seedOnce } from "./provision/seed.ts";
import { StartLock } from "./provision/start-lock.ts";
import { addWorkerWebhook } from "./provision/webhook.ts";
import { ensureWorkerToken } from "./provision/worker-token.ts";

let lock: StartLock | undefined;

export default {
  /** Before Strapi touches the schema: one replica at a time. */
  async register({ strapi }: { strapi: Core.Strapi }) {
    lock = await StartLock.take(
      strapi.config.get("database.connection.connection.connectionString"),
    );
  },

  /** Everything that others would click together in the admin page; the same result at every start. */
  async bootstrap({ strapi }: { strapi: Core.Strapi }) {
    await ensureAdmin(strapi);
    await ensureLocales(strapi);
    await ensureWorkerToken(strapi);
    await ensureContentToken(strapi);
    await ensurePublicRole(strapi);
    addWorkerWebhook(strapi);
    await seedOnce(strapi);
    await lock?.release();
  },

  async destroy() {
    await lock?.release();
  },
};
