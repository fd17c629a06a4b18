import { createHmac } from "node:crypto";

import type { Core } from "@strapi/strapi";

const TOKEN = "admin::api-token";
const PERMISSION = "admin::api-token-permission";

/** A row of {@link TOKEN}, as far as it matters here. */
interface Row {
  readonly id: number;
  readonly name: string;
  readonly accessKey: string;
  readonly encryptedKey: string | null;
  readonly permissions?: readonly { readonly id: number; readonly action: string }[];
}

/** An API token that is set up by code. */
export interface ApiToken {
  readonly name: string;
  /** Name of the environment's variable with the value. */
  readonly variable: string;
  /** Newest first; more than one only while it is rotated. */
  readonly values: readonly string[];
  /** What its holder may do, as `api::page.page.find`; exactly this. */
  readonly actions: readonly string[];
}

/**
 * An API token with the environment's value.
 *
 * While the value or the salt is rotated, each former combination of the two is a further token `<name> (former n)`:
 * replicas and holders that were not restarted yet go on with it.
 */
export async function ensureApiToken(
  strapi: Core.Strapi,
  { name, variable, values, actions }: ApiToken,
): Promise<void> {
  const salts = strapi.config.get<string[]>("provision.apiTokenSalts");
  const accepted = salts.flatMap((salt) =>
    values.map((value) => ({ value, accessKey: hash(value, salt), variable, actions })),
  );
  const names = accepted.map((_, index) => (index === 0 ? name : `${name} (former ${index})`));

  // The former ones first, so that there is no moment at which one of them is unknown.
  for (const [index, token] of [...accepted.entries()].reverse()) {
    await ensureToken(strapi, names[index]!, token);
  }
  const rows: Row[] = await strapi.db
    .query(TOKEN)
    .findMany({ where: { name: { $startsWith: `${name} (former ` } }, populate: ["permissions"] });
  for (const row of rows.filter((former) => !names.includes(former.name))) {
    await removePermissions(strapi, row, []);
    await strapi.db.query(TOKEN).delete({ where: { id: row.id } });
  }
}

/** One combination of a value and a salt. */
interface Accepted extends Pick<ApiToken, "variable" | "actions"> {
  readonly value: string;
  readonly accessKey: string;
}

/** As Strapi's own, which knows one salt only. */
function hash(value: string, salt: string): string {
  return createHmac("sha512", salt).update(value).digest("hex");
}

async function ensureToken(
  strapi: Core.Strapi,
  name: string,
  { value, accessKey, variable, actions }: Accepted,
): Promise<void> {
  const encryption = strapi.service("admin::encryption");
  const found: Row | null = await strapi.db
    .query(TOKEN)
    .findOne({ where: { name }, populate: ["permissions"] });
  const data = {
    name,
    description: `Set at every start from ${variable}`,
    kind: "content-api",
    type: "custom",
    accessKey,
    encryptedKey: encryption.encrypt(value),
    lifespan: null,
    expiresAt: null,
  };
  const token: Row = found ?? (await strapi.db.query(TOKEN).create({ data }));
  if (
    token.accessKey !== accessKey ||
    !token.encryptedKey ||
    encryption.decrypt(token.encryptedKey) !== value
  ) {
    await strapi.db.query(TOKEN).update({ where: { id: token.id }, data });
  }

  const held = await removePermissions(strapi, token, actions);
  for (const action of actions) {
    if (held.includes(action)) continue;
    await strapi.db.query(PERMISSION).create({ data: { action, token: token.id } });
  }
}

/** Removes the token's permissions but those in `kept`; returns the actions that it still has. */
async function removePermissions(
  strapi: Core.Strapi,
  { permissions = [] }: Row,
  kept: readonly string[],
): Promise<string[]> {
  for (const { id, action } of permissions) {
    if (!kept.includes(action)) await strapi.db.query(PERMISSION).delete({ where: { id } });
  }
  return permissions.map(({ action }) => action).filter((action) => kept.includes(action));
}
