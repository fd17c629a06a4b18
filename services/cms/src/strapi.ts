import { createRequire } from "node:module";

/** What this package uses of Strapi at run time, from its CommonJS build: Node cannot load the other one. */
export const { createStrapi, factories } = createRequire(import.meta.url)(
  "@strapi/strapi",
) as typeof import("@strapi/strapi");
