import { contentTypes as carried } from "../../../commands/content/content-types.ts";
import { contentTypes } from "../../../services/cms/src/content-types.ts";
import { bodyProblem } from "../../../services/cms/src/released-content.ts";
import { componentOf, contentTypes as declared } from "./content-types.ts";

const digest = `sha256:${"a".repeat(64)}`;
const entry = { uid: "api::page.page", documentId: "kqupxzqf7nei8zkpzmgocn1s", locale: "en" };

/** Types of attributes that a snapshot carries as they are: neither files nor what has the ids of an environment. */
const plain = [
  "string",
  "text",
  "richtext",
  "uid",
  "boolean",
  "integer",
  "decimal",
  "date",
  "enumeration",
];

test("releases carry every content type, told apart by its required fields", () => {
  const uids = [...declared().keys()].sort();
  expect([...contentTypes].sort()).toEqual(uids);
  expect(
    Object.keys(carried)
      .map((name) => `api::${name}.${name}`)
      .sort(),
  ).toEqual(uids);
  for (const [name, { collection, key }] of Object.entries(carried)) {
    const { info, attributes } = declared().get(`api::${name}.${name}`)!;
    expect(collection).toBe(info.pluralName);
    for (const field of key) expect([field, attributes[field]?.required]).toEqual([field, true]);
  }
});

test("releases can carry every attribute but the private schedule: no files and no relations", () => {
  const types = [...declared().values()].flatMap(({ attributes }) =>
    Object.values(attributes)
      .filter((attribute) => !attribute.private)
      .flatMap((attribute) =>
        attribute.component
          ? Object.values(componentOf(attribute.component)).map(({ type }) => type)
          : [attribute.type],
      ),
  );
  expect(types.filter((type) => !plain.includes(type))).toEqual([]);
});

test.each([[{ digests: [] }], [{ digests: [digest, digest] }]])("the note %j is taken", (data) => {
  expect(bodyProblem.digests(data)).toBeUndefined();
});

test.each([
  [undefined, "nothing"],
  [{ digests: digest }, JSON.stringify(digest)],
  [{ digests: ["sha256:1"] }, '["sha256:1"]'],
  [{ digests: Array<string>(101).fill(digest) }, '["sha256:'],
])("fails on the note %j", (data, got) => {
  expect(bodyProblem.digests(data)).toContain(
    `digests must be at most 100 of the form sha256:…, got ${got}`,
  );
});

test("an entry that is taken back is named by type, id and locale", () => {
  expect(bodyProblem.unpublish(entry)).toBeUndefined();
  expect(bodyProblem.unpublish({ ...entry, uid: "admin::user" })).toBe(
    `uid must be one of ${contentTypes.join(", ")}, got "admin::user"`,
  );
  expect(bodyProblem.unpublish({ ...entry, documentId: { $ne: "" } })).toBe(
    'documentId must be a document\'s id, got {"$ne":""}',
  );
  expect(bodyProblem.unpublish({ ...entry, locale: "*" })).toBe(
    'locale must be a code as en, got "*"',
  );
});
