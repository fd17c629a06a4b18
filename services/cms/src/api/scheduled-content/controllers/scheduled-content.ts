import type { Core } from "@strapi/strapi";

import { changeProblem, type ScheduledChange } from "../../../scheduled-content.ts";
import { carryOut, dueChanges } from "../../../server/scheduled-publications.ts";

/** The most changes that are listed at once: what cannot be published stays due, and must not hide what can. */
const MOST = 1_000;

/** A request, as far as it matters here. */
interface Context {
  readonly request: { readonly body?: { readonly data?: unknown } };
  body: unknown;
  badRequest(message: string): void;
}

/** What editors scheduled, for the worker: it can do what is due and nothing else. */
export default ({ strapi }: { strapi: Core.Strapi }) => ({
  async find(ctx: Context) {
    ctx.body = { data: await dueChanges(strapi, new Date(), MOST) };
  },

  async carryOut(ctx: Context) {
    const { data } = ctx.request.body ?? {};
    const problem = changeProblem(data);
    if (problem) return ctx.badRequest(problem);
    const refusal = await carryOut(strapi, data as ScheduledChange, new Date());
    ctx.body = { data: { result: refusal ?? "done" } };
  },
});
