import { emailTemplates } from "./email-templates.ts";
import { landingPages } from "./landing-pages.ts";
import { pages } from "./pages.ts";
import type { SeedEntry } from "./seed-entry.ts";

/** The content of a new stack: a small olive oil press, Olivar Luz, that ships across Europe. */
export const seedEntries: readonly SeedEntry[] = [...pages, ...landingPages, ...emailTemplates];
