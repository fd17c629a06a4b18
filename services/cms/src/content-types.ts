/** The content types, by unique id. */
export const contentTypes = [
  "api::page.page",
  "api::landing-page.landing-page",
  "api::email-template.email-template",
] as const;

export type ContentType = (typeof contentTypes)[number];
