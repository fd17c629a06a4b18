import { factories } from "../../../strapi.ts";

export default factories.createCoreService("api::page.page");
