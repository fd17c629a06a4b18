import { factories } from "../../../strapi.ts";

export default factories.createCoreService("api::email-template.email-template");
