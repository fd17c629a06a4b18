import type { Core } from "@strapi/strapi";

import { contentTypes } from "../content-types.ts";
import { ensureApiToken } from "./api-token.ts";

/** What a release may do: read content, write and publish it, and take back what it brought. It deletes nothing. */
const actions = [
  ...contentTypes.flatMap((uid) => [`${uid}.find`, `${uid}.create`, `${uid}.update`]),
  ...["find", "update", "unpublish"].map(
    (action) => `api::released-content.released-content.${action}`,
  ),
];

/** The API token `releases`, by which content goes into a release and comes with one; with the environment's value. */
export async function ensureContentToken(strapi: Core.Strapi): Promise<void> {
  await ensureApiToken(strapi, {
    name: "releases",
    variable: "CONTENT_API_TOKEN",
    values: strapi.config.get<string[]>("provision.contentTokens"),
    actions,
  });
}
