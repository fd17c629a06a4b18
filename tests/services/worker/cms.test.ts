import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { restCms, type Cms } from "../../../services/worker/cms.ts";

interface Listed {
  readonly documentId: string;
  readonly locale: string;
  readonly publishedAt: string;
}

let server: Server;
let cms: Cms;
/** What the CMS holds, oldest first; it answers as Strapi's filters, sort and pages would. */
let entries: Listed[];
let asked: URLSearchParams[];
let status: number;

beforeAll(async () => {
  server = createServer((request, response) => {
    const query = new URL(request.url!, "http://cms").searchParams;
    asked.push(query);
    const size = Number(query.get("pagination[pageSize]"));
    const start = (Number(query.get("pagination[page]") ?? 1) - 1) * size;
    const data = entries
      .filter(({ publishedAt }) => publishedAt >= (query.get("filters[publishedAt][$gte]") ?? ""))
      .slice(start, start + size);
    response.writeHead(status).end(JSON.stringify({ data }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  cms = restCms(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, "token");
});
beforeEach(() => {
  entries = [];
  asked = [];
  status = 200;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

test("asks for published entries of all locales, oldest first, with only the fields it reads", async () => {
  await cms.publishedSince("email-template", new Date("2026-11-01T10:00:00Z"));
  expect(asked.map((query) => [...query])).toEqual([
    [
      ["filters[publishedAt][$gte]", "2026-11-01T10:00:00.000Z"],
      ["sort[0]", "publishedAt:asc"],
      ["sort[1]", "id:asc"],
      ["fields", "slug"],
      ["fields", "subject"],
      ["fields", "locale"],
      ["fields", "publishedAt"],
      ["pagination[page]", "1"],
      ["locale", "*"],
      ["status", "published"],
      ["pagination[pageSize]", "100"],
    ],
  ]);
});

test.each([
  ["of different times", (i: number) => i],
  ["of which 150 have the same time", (i: number) => Math.floor(i / 150)],
])("finds all of 320 entries %s, each once", async (_what, second) => {
  entries = Array.from({ length: 320 }, (_, i) => entryAt(i, second(i)));
  const found = await cms.publishedSince("page", new Date(0));
  expect(found.map(({ documentId }) => documentId)).toEqual(
    entries.map(({ documentId }) => documentId),
  );
});

test("finds every published entry of a type, with the variants of landing pages", async () => {
  entries = Array.from({ length: 230 }, (_, i) => entryAt(i, i));
  expect(await cms.published("landing-page")).toHaveLength(230);
  expect(asked.map((query) => query.getAll("fields").join())).toEqual(
    Array(3).fill("slug,locale,variant"),
  );
});

test("fails on a status that is not 2xx, naming it", async () => {
  status = 403;
  await expect(cms.publishedSince("page", new Date(0))).rejects.toThrow(
    "CMS must list pages, got status 403",
  );
});

test("fails on an entry without its time", async () => {
  entries = [{ ...entryAt(1, 1), documentId: "" }];
  await expect(cms.publishedSince("page", new Date(0))).rejects.toThrow(
    "CMS must list pages with documentId and publishedAt, got ",
  );
});

function entryAt(index: number, second: number): Listed {
  return {
    documentId: `doc-${index}`,
    locale: "en",
    publishedAt: new Date(Date.UTC(2026, 10, 1) + second * 1000).toISOString(),
  };
}

test("finds the published entry of a slug in a locale", async () => {
  expect(await cms.entry("email-template", "welcome", "es")).toBeUndefined();
  entries = [entryAt(0, 0)];
  expect(await cms.entry("email-template", "welcome", "es")).toEqual(entries[0]);
  expect([...asked[0]!]).toEqual([
    ["filters[slug][$eq]", "welcome"],
    ["locale", "es"],
    ["status", "published"],
    ["pagination[pageSize]", "100"],
  ]);
});
