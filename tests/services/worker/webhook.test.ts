import fc from "fast-check";
import { publicationOf } from "../../../services/worker/publication.ts";
import { readWebhook } from "../../../services/worker/webhook.ts";

const entry = {
  id: 7,
  documentId: "abc123",
  title: "Home",
  slug: "home",
  locale: "en",
  publishedAt: "2026-11-01T10:00:00.000Z",
};
const body = {
  event: "entry.publish",
  createdAt: "2026-11-01T10:00:01.000Z",
  model: "page",
  uid: "api::page.page",
  entry,
};

test("a published entry is a publication at the entry's own time", () => {
  expect(readWebhook(body)).toEqual({
    kind: "publication",
    createdAt: Date.parse(body.createdAt),
    publication: {
      id: expect.stringMatching(
        /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
      ),
      action: "publish",
      model: "page",
      documentId: "abc123",
      locale: "en",
      slug: "home",
      title: "Home",
      occurredAt: "2026-11-01T10:00:00.000Z",
    },
  });
});

test("the webhook and the REST API make the same id of one publication", () => {
  const read = readWebhook(body);
  expect(read).toMatchObject({
    publication: { id: publicationOf("publish", "page", entry, entry.publishedAt)!.id },
  });
});

test.each([
  ["another locale", { locale: "es" }],
  ["another document", { documentId: "def456" }],
  ["another time", { publishedAt: "2026-11-02T10:00:00.000Z" }],
])("%s is another publication", (_what, change) => {
  const [a, b] = [readWebhook(body), readWebhook({ ...body, entry: { ...entry, ...change } })];
  if (a.kind !== "publication" || b.kind !== "publication")
    throw new Error("both must be publications");
  expect(a.publication.id).not.toBe(b.publication.id);
});

test("an e-mail template is called by its subject", () => {
  const template = { ...entry, title: undefined, subject: "Welcome" };
  expect(readWebhook({ ...body, model: "email-template", entry: template })).toMatchObject({
    publication: { title: "Welcome" },
  });
});

test("an unpublished entry takes the webhook's time", () => {
  const unpublished = { ...body, event: "entry.unpublish", entry: { ...entry, publishedAt: null } };
  expect(readWebhook(unpublished)).toMatchObject({
    publication: { action: "unpublish", occurredAt: "2026-11-01T10:00:01.000Z" },
  });
});

test.each([
  ["an event that nobody records", { ...body, event: "media.create" }],
  ["a content type that nobody records", { ...body, model: "user" }],
  ["an event named as what every object has", { ...body, event: "constructor" }],
  ["a content type named as what every object has", { ...body, model: "toString" }],
])("%s is ignored", (_what, ignored) => {
  expect(readWebhook(ignored)).toEqual({ kind: "ignored" });
});

test.each([
  [undefined, "body must be a JSON object"],
  [{}, "event must be a text"],
  [{ ...body, entry: null }, "entry must be an object"],
  [
    { ...body, entry: { ...entry, documentId: 7 } },
    "entry must have a documentId, and it or the body a time",
  ],
  [
    { ...body, entry: { ...entry, publishedAt: "+010000-01-01T00:00:00.000Z" } },
    "entry must have a documentId, and it or the body a time",
  ],
  [
    { ...body, entry: { ...entry, publishedAt: "soon" } },
    "entry must have a documentId, and it or the body a time",
  ],
])("fails on %j with the reason", (malformed, reason) => {
  expect(readWebhook(malformed)).toEqual({ kind: "malformed", reason });
});

test("no body makes it throw", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (any, anyEntry) => {
      readWebhook(any);
      readWebhook({ ...body, entry: anyEntry });
      readWebhook({ ...body, model: any });
    }),
  );
});
