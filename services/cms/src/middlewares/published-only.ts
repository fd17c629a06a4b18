import type { Core } from "@strapi/strapi";

import { asksForDrafts } from "../draft-guard.ts";

/** Route middleware of every read of content: drafts are for holders of an API token, 403 for the public. */
const publishedOnly: Core.MiddlewareFactory = () => async (ctx, next) => {
  if (asksForDrafts(ctx.query.status, ctx.state.auth?.strategy?.name)) {
    return ctx.forbidden("status must be published, drafts need an API token");
  }
  return next();
};

export default publishedOnly;
