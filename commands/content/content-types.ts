/** What a release carries: the CMS's content types, with the last part of their REST path and what tells their entries apart. */
export const contentTypes = {
  "email-template": { collection: "email-templates", key: ["slug"] },
  "landing-page": { collection: "landing-pages", key: ["slug", "variant"] },
  page: { collection: "pages", key: ["slug"] },
} as const;

/** Name of a content type: `page`. */
export type ContentType = keyof typeof contentTypes;

/** Names of all, in order. */
export const contentTypeNames = Object.keys(contentTypes).sort() as ContentType[];
