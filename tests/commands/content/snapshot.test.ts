import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fieldsOf } from "../../../commands/content/fields.ts";
import {
  readSnapshot,
  readSnapshots,
  writeSnapshot,
} from "../../../commands/content/snapshot-file.ts";
import {
  namingFiles,
  snapshotDigest,
  snapshotOf,
  type LocalEntry,
} from "../../../commands/content/snapshot.ts";

const answered = (fields: object) => ({
  id: 7,
  documentId: "a",
  createdAt: "2026-11-29T01:00:00Z",
  updatedAt: "2026-11-29T01:00:00Z",
  publishedAt: "2026-11-29T01:00:00Z",
  locale: "en",
  localizations: [{ id: 8 }],
  ...fields,
});

const entry = (documentId: string, locale: string, fields: object): LocalEntry => ({
  type: "page",
  documentId,
  locale,
  fields: { ...fields },
});

const home = [
  entry("a", "en", { slug: "home", title: "Hello" }),
  entry("a", "es", { slug: "inicio" }),
];
const jobs = entry("b", "en", { slug: "jobs" });

test("of an entry there is what an editor wrote, without ids, dates and what is empty", () => {
  const fields = {
    slug: "home",
    body: null,
    seo: { id: 3, metaTitle: "Home", noIndex: false, metaDescription: null },
  };
  expect(fieldsOf(answered(fields))).toEqual({
    slug: "home",
    seo: { metaTitle: "Home", noIndex: false },
  });
});

test("a document is called as in the default locale and has its locales beside each other", () => {
  expect(snapshotOf([...home, jobs])).toEqual({
    version: 1,
    documents: [
      {
        type: "page",
        name: "home",
        entries: { en: { slug: "home", title: "Hello" }, es: { slug: "inicio" } },
      },
      { type: "page", name: "jobs", entries: { en: { slug: "jobs" } } },
    ],
  });
});

test("the same content has the same digest, in whatever order and under whatever ids it was read", () => {
  const elsewhere = [
    { ...jobs, documentId: "x" },
    entry("y", "es", { slug: "inicio" }),
    entry("y", "en", { title: "Hello", slug: "home" }),
  ];
  expect(snapshotDigest(snapshotOf(elsewhere))).toBe(snapshotDigest(snapshotOf([...home, jobs])));
});

test.each([
  ["a word", [entry("a", "en", { slug: "home", title: "Hallo" }), home[1]!, jobs]],
  ["a locale less", [home[0]!, jobs]],
  ["an entry more", [...home, jobs, entry("c", "en", { slug: "offers" })]],
])("%s is another digest", (_what, entries) => {
  expect(snapshotDigest(snapshotOf(entries))).not.toBe(snapshotDigest(snapshotOf([...home, jobs])));
});

test("fails on two published entries of one name, and on one without", () => {
  expect(() => snapshotOf([jobs, { ...jobs, documentId: "c" }])).toThrow(
    'a published page must have a name of its own, got two that are called "jobs"; rename or unpublish one in the CMS',
  );
  expect(() => snapshotOf([entry("a", "en", { title: "Hello" })])).toThrow(
    'a published page must have a name, got {"title":"Hello"}',
  );
});

test("variants of a landing page are different entries", () => {
  const variant = (name: string): LocalEntry => ({
    type: "landing-page",
    documentId: name,
    locale: "en",
    fields: { slug: "sale", variant: name },
  });
  expect(snapshotOf([variant("b"), variant("a")]).documents.map(({ name }) => name)).toEqual([
    "sale a",
    "sale b",
  ]);
});

test("names the entries whose text shows files of the media library", () => {
  const shown = entry("a", "en", { slug: "home", body: "![olive](/uploads/olive.png)" });
  expect(namingFiles(snapshotOf([shown, jobs]))).toEqual(["page home (en)"]);
});

describe("the files of snapshots", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "content-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test("what is written is read again by its digest, and among all", async () => {
    const snapshot = snapshotOf(home);
    const digest = await writeSnapshot(snapshot, folder);
    expect(digest).toBe(snapshotDigest(snapshot));
    expect(readSnapshot(digest, folder)).toEqual(snapshot);
    expect(readSnapshots(folder)).toEqual([snapshot]);
  });

  test("fails on one that was edited by hand, naming the file and the remedy", async () => {
    const digest = await writeSnapshot(snapshotOf(home), folder);
    const path = join(folder, "content", `${digest.slice(7)}.json`);
    writeFileSync(path, readFileSync(path, "utf8").replace("Hello", "Hallo"));
    expect(() => readSnapshot(digest, folder)).toThrow(
      /must hold what was sealed, got content sha256:[0-9a-f]{64}; restore the file from Git$/,
    );
  });

  test.each(["sha256:../secrets", "", "sha256:1"])("fails on the digest %j", (digest) => {
    expect(() => readSnapshot(digest, folder)).toThrow(
      "a release's content must be a digest sha256:…",
    );
  });
});
