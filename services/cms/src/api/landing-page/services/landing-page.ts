import { factories } from "../../../strapi.ts";

export default factories.createCoreService("api::landing-page.landing-page");
