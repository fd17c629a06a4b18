import { scheduleFields } from "../../../services/cms/src/scheduled-content.ts";
import { contentTypes, routerOf } from "./content-types.ts";

const types = [...contentTypes()];

test("there are pages, landing pages and email templates", () => {
  expect(types.map(([uid]) => uid).sort()).toEqual([
    "api::email-template.email-template",
    "api::landing-page.landing-page",
    "api::page.page",
  ]);
});

test.each(types)("%s has drafts, is in several languages and named by its folder", (uid, type) => {
  expect(type.kind).toBe("collectionType");
  expect(type.options.draftAndPublish).toBe(true);
  expect(type.pluginOptions.i18n?.localized).toBe(true);
  expect(uid).toBe(`api::${type.info.singularName}.${type.info.singularName}`);
});

test.each(types)(
  "%s says of every attribute whether it is localized, and bounds every text",
  (_, type) => {
    for (const attribute of Object.values(type.attributes)) {
      expect(attribute.pluginOptions?.i18n?.localized).toEqual(expect.any(Boolean));
      if (!["component", "datetime"].includes(attribute.type))
        expect(attribute.maxLength).toEqual(expect.any(Number));
    }
  },
);

test.each(types)("%s keeps its drafts back on every read", (uid) => {
  for (const action of ["find", "findOne"]) {
    expect(routerOf(uid)).toContain(`${action}: { middlewares: ["global::published-only"] }`);
  }
});

test.each(types)(
  "%s has a schedule in each language, which nobody reads who may not",
  (_, type) => {
    for (const field of Object.values(scheduleFields)) {
      expect(type.attributes[field]).toEqual({
        type: "datetime",
        private: true,
        pluginOptions: { i18n: { localized: true } },
      });
    }
  },
);
