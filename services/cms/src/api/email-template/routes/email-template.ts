import { factories } from "../../../strapi.ts";

export default factories.createCoreRouter("api::email-template.email-template", {
  config: {
    find: { middlewares: ["global::published-only"] },
    findOne: { middlewares: ["global::published-only"] },
  },
});
