import type { Core } from "@strapi/strapi";

/**
 * What the worker may do: read content, drafts included, so that it can mail templates and compare what is
 * published with what was announced. Strapi's own type "read-only" would also list site users and files.
 */
const actions = ["page.page", "landing-page.landing-page", "email-template.email-template"].flatMap(
  (type) => [`api::${type}.find`, `api::${type}.findOne`],
);

const NAME = "worker";
const TOKEN = "admin::api-token";
const PERMISSION = "admin::api-token-permission";

/** The worker's API token, with the environment's value; a changed value replaces the old one. */
export async function ensureWorkerToken(strapi: Core.Strapi): Promise<void> {
  const value = strapi.config.get<string>("provision.workerToken");
  const accessKey = strapi.service("admin::api-token").hash(value);
  const data = {
    name: NAME,
    description: "Set at every start from WORKER_API_TOKEN",
    kind: "content-api",
    type: "custom",
    accessKey,
    encryptedKey: strapi.service("admin::encryption").encrypt(value),
    lifespan: null,
    expiresAt: null,
  };

  const found = await strapi.db
    .query(TOKEN)
    .findOne({ where: { name: NAME }, populate: ["permissions"] });
  const token = found ?? (await strapi.db.query(TOKEN).create({ data }));
  if (found && found.accessKey !== accessKey) {
    await strapi.db.query(TOKEN).update({ where: { id: found.id }, data });
  }

  const held: { id: number; action: string }[] = found?.permissions ?? [];
  for (const { id, action } of held) {
    if (!actions.includes(action)) await strapi.db.query(PERMISSION).delete({ where: { id } });
  }
  for (const action of actions) {
    if (held.some((permission) => permission.action === action)) continue;
    await strapi.db.query(PERMISSION).create({ data: { action, token: token.id } });
  }
}
