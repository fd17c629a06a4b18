import { factories } from "../../../strapi.ts";

export default factories.createCoreRouter("api::page.page", {
  config: {
    find: { middlewares: ["global::published-only"] },
    findOne: { middlewares: ["global::published-only"] },
  },
});
