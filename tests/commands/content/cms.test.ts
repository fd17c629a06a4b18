import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { contentCms } from "../../../commands/content/cms.ts";
import { stackCms } from "../../../commands/content/stack-cms.ts";

let server: Server;
let answer: (path: URL) => { status?: number; body: unknown };
let url: string;
beforeAll(async () => {
  server = createServer((request, response) => {
    const { status = 200, body } = answer(new URL(request.url!, "http://cms"));
    response.writeHead(status).end(JSON.stringify(body));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => void server.close());

const token = "t".repeat(64);

/** A listing of which `total` entries are said to be, of pages. */
const listing = (path: URL, total: number) => {
  if (path.pathname !== "/api/pages") {
    return { data: [], meta: { pagination: { pageCount: 0, total: 0 } } };
  }
  const page = Number(path.searchParams.get("pagination[page]"));
  const data = Array.from({ length: page === 1 ? 100 : 1 }, (_, index) => ({
    id: index,
    documentId: `${page}-${index}`,
    locale: "en",
    slug: `page-${page}-${index}`,
  }));
  return { data, meta: { pagination: { pageCount: 2, total } } };
};

test("all pages of a listing are read", async () => {
  answer = (path) => ({ body: listing(path, 101) });
  const entries = await contentCms(url, token).entries("published");
  expect(entries).toHaveLength(101);
  expect(entries.at(-1)).toEqual({
    type: "page",
    documentId: "2-0",
    locale: "en",
    fields: { slug: "page-2-0" },
  });
});

test("fails on content that changes while it is read", async () => {
  answer = (path) => ({ body: listing(path, 102) });
  await expect(contentCms(url, token).entries("published")).rejects.toThrow(
    "content must not change while it is read, got 101 of 102 entries of page; run the command again",
  );
});

test("fails with what the CMS says when it refuses, and shows no token", async () => {
  answer = () => ({ status: 403, body: { error: { message: "Forbidden" } } });
  const refused = contentCms(url, token).brought();
  await expect(refused).rejects.toThrow(
    'the CMS must answer GET /api/released-content, got 403: {"error":{"message":"Forbidden"}}',
  );
  await expect(refused).rejects.not.toThrow(token);
});

test("fails on a CMS that does not answer, naming it and the reason", async () => {
  await expect(contentCms("http://127.0.0.1:1", token).entries("published")).rejects.toThrow(
    /^the CMS at http:\/\/127\.0\.0\.1:1 must answer, got: .*(ECONNREFUSED|bad port)/,
  );
});

test("fails on a stack whose CMS is not reached or has no token, with the remedy", () => {
  const urls = { cms: "http://127.0.0.1:1", collector: null, worker: null, monitoring: "" };
  expect(() => stackCms("prod", { urls: { ...urls, cms: null }, contentApiToken: token })).toThrow(
    "the CMS of prod must be reached from this machine",
  );
  expect(() => stackCms("prod", { urls })).toThrow(
    "the CMS of prod must have a token for its content, found none; deploy it again with npm run up -- --stack prod",
  );
});
