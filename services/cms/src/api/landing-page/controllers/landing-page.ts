import { factories } from "../../../strapi.ts";

export default factories.createCoreController("api::landing-page.landing-page");
