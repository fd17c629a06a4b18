import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { bringContent } from "../../../commands/content/bring.ts";
import { seededContent } from "../../../commands/content/seeded.ts";
import { writeSnapshot } from "../../../commands/content/snapshot-file.ts";
import {
  snapshotDigest,
  snapshotOf,
  type SnapshotDocument,
} from "../../../commands/content/snapshot.ts";
import { MemoryCms } from "./memory-cms.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "content-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const page = (name: string, title: string, es?: string): SnapshotDocument => ({
  type: "page",
  name,
  entries: {
    en: { slug: name, title },
    ...(es !== undefined && { es: { slug: name, title: es } }),
  },
});

/** Seals documents; their digest. */
const seal = (...documents: SnapshotDocument[]): Promise<string> =>
  writeSnapshot(snapshotOf(new MemoryCms(documents).published()), folder);

const bring = (cms: MemoryCms, digest: string) => bringContent(cms, digest, folder);

/** What visitors see, by its digest. */
const seen = (cms: MemoryCms): string => snapshotDigest(snapshotOf(cms.published()));

test("an empty environment has the release's content then, and a second time changes nothing", async () => {
  const release = await seal(page("home", "Hello", "Hola"), page("jobs", "Jobs"));
  const cms = new MemoryCms();
  expect(await bring(cms, release)).toEqual({ changed: 3, there: 3, kept: [] });
  expect(seen(cms)).toBe(release);
  expect(await bring(cms, release)).toEqual({ changed: 0, there: 3, kept: [] });
});

test("what a CMS begins with is nobody's edit", async () => {
  const release = await seal(page("home", "Hello", "Hola"));
  const cms = new MemoryCms(seededContent("published").documents);
  expect((await bring(cms, release)).kept).toEqual([]);
  expect(seen(cms)).toBe(release);
});

test("a release takes back what the one before it brought, and its way back returns it", async () => {
  const first = await seal(page("home", "Hello"), page("jobs", "Jobs"));
  const second = await seal(page("home", "Welcome"), page("offers", "Offers"));
  const third = await seal(page("home", "Welcome"), page("jobs", "More jobs"));
  const cms = new MemoryCms();
  for (const release of [first, second, first, second, third]) {
    expect((await bring(cms, release)).kept).toEqual([]);
    expect(seen(cms)).toBe(release);
  }
});

test("an entry that was only ever here is left alone, and is not told of", async () => {
  const release = await seal(page("home", "Hello"));
  const cms = new MemoryCms([page("imprint", "Imprint")]);
  expect(await bring(cms, release)).toEqual({ changed: 1, there: 1, kept: [] });
  expect(seen(cms)).toBe(await seal(page("home", "Hello"), page("imprint", "Imprint")));
});

describe("what somebody edited here is kept and named:", () => {
  let cms: MemoryCms;
  beforeEach(async () => {
    cms = new MemoryCms();
    await bring(cms, await seal(page("home", "Hello", "Hola"), page("jobs", "Jobs")));
  });

  test("a published entry, the other locale comes", async () => {
    cms.edit(page("home", "By hand"));
    const next = await seal(page("home", "Welcome", "Bienvenida"), page("jobs", "Jobs"));
    expect((await bring(cms, next)).kept).toEqual(["page home (en) was edited here"]);
    expect(seen(cms)).toBe(await seal(page("home", "By hand", "Bienvenida"), page("jobs", "Jobs")));
  });

  test("also one that the release does not change", async () => {
    cms.edit(page("home", "By hand"));
    const next = await seal(page("home", "Hello", "Hola"));
    expect((await bring(cms, next)).kept).toEqual(["page home (en) was edited here"]);
    expect(seen(cms)).toBe(await seal(page("home", "By hand", "Hola")));
  });

  test("a draft", async () => {
    cms.draft(page("home", "Half a sentence"));
    const next = await seal(page("home", "Welcome", "Hola"), page("jobs", "Jobs"));
    expect((await bring(cms, next)).kept).toEqual([
      "page home (en) has a draft that was edited here",
    ]);
    expect((await cms.entries("draft")).map(({ fields }) => fields.title)).toContain(
      "Half a sentence",
    );
  });

  test("an entry that the next release no longer has", async () => {
    cms.edit(page("jobs", "By hand"));
    const next = await seal(page("home", "Hello", "Hola"));
    expect((await bring(cms, next)).kept).toEqual(["page jobs (en) was edited here"]);
    expect(seen(cms)).toBe(await seal(page("home", "Hello", "Hola"), page("jobs", "By hand")));
  });

  test("an entry that was taken back", async () => {
    const jobs = cms.published().find(({ fields }) => fields.slug === "jobs")!;
    await cms.unpublish(jobs);
    const next = await seal(page("home", "Hello", "Hola"), page("jobs", "More jobs"));
    expect((await bring(cms, next)).kept).toEqual(["page jobs (en) was taken back here"]);
  });

  test("an entry of the same name that is not the release's", async () => {
    cms.edit(page("offers", "By hand"));
    const next = await seal(page("home", "Hello", "Hola"), page("offers", "Offers"));
    expect((await bring(cms, next)).kept).toEqual(["page offers (en) was edited here"]);
  });

  test("nothing, once it says what the release says", async () => {
    cms.edit(page("home", "Welcome"));
    const next = await seal(page("home", "Welcome", "Hola"), page("jobs", "Jobs"));
    expect(await bring(cms, next)).toEqual({ changed: 0, there: 3, kept: [] });
  });
});

test("an entry that loses a field has it no more", async () => {
  const cms = new MemoryCms();
  const long = {
    ...page("home", "Hello"),
    entries: { en: { slug: "home", title: "Hello", body: "Text" } },
  };
  await bring(cms, await seal(long));
  const next = await seal(page("home", "Hello"));
  await bring(cms, next);
  expect(seen(cms)).toBe(next);
});

test("fails with the name of the entry that the CMS refuses", async () => {
  const cms = new MemoryCms();
  cms.writes = 1;
  await expect(bring(cms, await seal(page("home", "Hello")))).rejects.toThrow(
    "page home (en) must be published: killed",
  );
});

test("fails on content that this clone does not have", async () => {
  await expect(bring(new MemoryCms(), `sha256:${"0".repeat(64)}`)).rejects.toThrow(
    "must be in this clone",
  );
});

test("killed after any write, on the way to any release, the next call finishes and overwrites no edit", async () => {
  const documents = fc
    .uniqueArray(
      fc.record({
        name: fc.constantFrom("home", "jobs", "offers"),
        title: fc.constantFrom("a", "b", "c"),
        es: fc.option(fc.constantFrom("a", "b"), { nil: undefined }),
      }),
      { selector: ({ name }) => name },
    )
    .map((list) => list.map(({ name, title, es }) => page(name, title, es)));
  const turn = fc.record({ documents, writes: fc.nat(8), edits: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(fc.array(turn, { maxLength: 6 }), documents, async (turns, last) => {
      rmSync(join(folder, "content"), { recursive: true, force: true });
      const cms = new MemoryCms();
      let isEdited = false;
      for (const { documents: some, writes, edits } of turns) {
        if (edits && !isEdited) {
          isEdited = true;
          cms.edit(page("home", "by hand"));
        }
        cms.writes = writes;
        await bring(cms, await seal(...some)).catch((error: Error) => {
          if (!error.message.includes("killed")) throw error;
        });
        cms.writes = Infinity;
      }
      const wanted = await seal(...last);
      const { kept } = await bring(cms, wanted);
      const home = cms
        .published()
        .find(({ fields, locale }) => fields.slug === "home" && locale === "en");
      if (isEdited) {
        expect(home?.fields.title).toBe("by hand");
        return;
      }
      expect(kept).toEqual([]);
      expect(seen(cms)).toBe(wanted);
    }),
    { numRuns: 100 },
  );
});
