import type { Core } from "@strapi/strapi";

/** What anybody may do: read pages and landing pages. Drafts are kept back by the route middleware. */
const actions = [
  "api::page.page.find",
  "api::page.page.findOne",
  "api::landing-page.landing-page.find",
  "api::landing-page.landing-page.findOne",
];

const PERMISSION = "plugin::users-permissions.permission";

/** The public role with exactly these rights, and no registration of site users. */
export async function ensurePublicRole(strapi: Core.Strapi): Promise<void> {
  const role = await strapi.db
    .query("plugin::users-permissions.role")
    .findOne({ where: { type: "public" }, populate: ["permissions"] });
  const held: { id: number; action: string }[] = role.permissions;

  for (const { id, action } of held) {
    if (!actions.includes(action)) await strapi.db.query(PERMISSION).delete({ where: { id } });
  }
  for (const action of actions) {
    if (held.some((permission) => permission.action === action)) continue;
    await strapi.db.query(PERMISSION).create({ data: { action, role: role.id } });
  }

  const store = strapi.store({ type: "plugin", name: "users-permissions" });
  const advanced = (await store.get({ key: "advanced" })) as Record<string, unknown>;
  if (advanced.allow_register !== false) {
    await store.set({ key: "advanced", value: { ...advanced, allow_register: false } });
  }
}
