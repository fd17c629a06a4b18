import type { Core } from "@strapi/strapi";

import { bodyProblem, type Unpublish } from "../../../released-content.ts";

/** A request, as far as it matters here. */
interface Context {
  readonly request: { readonly body?: { readonly data?: unknown } };
  body: unknown;
  status: number;
  badRequest(message: string): void;
}

/** Which content of releases is here, and what Strapi's own API cannot do for a release: take an entry back. */
export default ({ strapi }: { strapi: Core.Strapi }) => {
  const store = strapi.store({ type: "core", name: "provision" });
  const answer = async (ctx: Context) => {
    ctx.body = { data: { digests: (await store.get({ key: "releasedContent" })) ?? [] } };
  };
  return {
    find: answer,

    async update(ctx: Context) {
      const { data } = ctx.request.body ?? {};
      const problem = bodyProblem.digests(data);
      if (problem) return ctx.badRequest(problem);
      const { digests } = data as { digests: readonly string[] };
      await store.set({ key: "releasedContent", value: digests });
      await answer(ctx);
    },

    async unpublish(ctx: Context) {
      const { data } = ctx.request.body ?? {};
      const problem = bodyProblem.unpublish(data);
      if (problem) return ctx.badRequest(problem);
      const { uid, documentId, locale } = data as Unpublish;
      await strapi.documents(uid).unpublish({ documentId, locale });
      ctx.status = 204;
    },
  };
};
