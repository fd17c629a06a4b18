import type { Core } from "@strapi/strapi";

import { contentTypes } from "../content-types.ts";
import { ensureApiToken } from "./api-token.ts";

/**
 * What the worker may do: read content, drafts included, so that it can mail templates and compare what is
 * published with what was announced, and carry out what an editor scheduled, when it is due. Strapi's own type
 * "read-only" would also list site users and files.
 */
const actions = [
  ...contentTypes.flatMap((uid) => [`${uid}.find`, `${uid}.findOne`]),
  ...["find", "carryOut"].map((action) => `api::scheduled-content.scheduled-content.${action}`),
];

/** The worker's API token `worker`, with the environment's value. */
export async function ensureWorkerToken(strapi: Core.Strapi): Promise<void> {
  await ensureApiToken(strapi, {
    name: "worker",
    variable: "WORKER_API_TOKEN",
    values: strapi.config.get<string[]>("provision.workerTokens"),
    actions,
  });
}
