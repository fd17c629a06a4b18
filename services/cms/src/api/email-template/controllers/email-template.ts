import { factories } from "../../../strapi.ts";

export default factories.createCoreController("api::email-template.email-template");
