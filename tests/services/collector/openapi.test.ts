import { Ajv } from "ajv";

import { OWN_PATHS } from "../../../services/collector/openapi.ts";
import { openApiPage } from "../../../services/collector/openapi-page.ts";
import { openApp } from "./open-app.ts";
import type { OpenedApp } from "./open-app.ts";

interface Described {
  readonly paths: Record<string, Record<string, { readonly tags?: string[]; responses: Answers }>>;
  readonly components: object;
}
type Answers = Record<string, { content?: Record<string, { schema: object }> }>;

let opened: OpenedApp;
let described: Described;
beforeAll(async () => {
  opened = await openApp();
  described = JSON.parse((await opened.get("/openapi.json")).body);
});

test.each([...OWN_PATHS])("%s answers as described", async (path) => {
  const answer = await opened.get(path);
  const [type] = answer.headers["content-type"]!.split(";");
  const { schema } = described.paths[path]!.get!.responses[answer.status]!.content![type!]!;
  const value: unknown = type === "application/json" ? JSON.parse(answer.body) : answer.body;

  expect(new Ajv().validate(schema, value)).toBe(true);
});

test("the page shows every operation of the description, each with what it answers", async () => {
  const { body, headers } = await opened.get("/openapi");
  const shown = [...body.matchAll(/<code>([A-Z]+ \/[^<]*)<\/code>/g)].map(([, text]) => text!);
  const operations = Object.entries(described.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  expect([...new Set(shown)].sort()).toEqual(operations.sort());
  for (const [path, methods] of Object.entries(described.paths)) {
    for (const [method, { responses, tags = ["collector"] }] of Object.entries(methods)) {
      const name = `<code>${method.toUpperCase()} ${path}</code>`;
      const entries = body.split("<details>").filter((text) => text.includes(name));
      expect(entries).toHaveLength(tags.length);
      const statuses = [...entries[0]!.matchAll(/<li><code>(\w+)/g)].map(([, status]) => status);
      expect(statuses).toEqual(Object.keys(responses));
    }
  }
  expect(body).not.toMatch(/<script|src=|https?:/);
  expect(headers["content-security-policy"]).toContain("default-src 'none'");
});

test("nothing in a description is markup of the page", () => {
  const text = `<i id="x">&`;
  const operation = { summary: text, tags: [text], responses: { [text]: { description: text } } };
  const { body } = openApiPage({
    openapi: "3.1.0",
    info: { title: text, version: text, description: text },
    paths: { [text]: { [text]: operation } },
    components: {},
  });
  expect(body).not.toContain("<i");
  expect(body.split("&#60;i id=&#34;x&#34;&#62;&#38;")).toHaveLength(12);
});

test("a collector that stops says so as described", async () => {
  const { app, get } = await openApp();
  app.stopBeingReady();
  const answer = await get("/healthz/ready");
  const { Error: error } = (described.components as { schemas: { Error: object } }).schemas;
  expect(answer.status).toBe(503);
  expect(new Ajv({ formats: { uuid: true } }).validate(error, JSON.parse(answer.body))).toBe(true);
});

test("every path of every protocol is there, with all that share it", () => {
  expect(described.paths["/v1/batch"]!.post!.tags).toEqual(["segment", "rudderstack"]);
  expect(described.paths["/i"]!.get!.tags).toEqual(["snowplow"]);
  expect(described.paths["/ofrep/v1/evaluate/flags/{key}"]!.post!.tags).toEqual(["ofrep"]);
  expect(Object.keys(described.paths).filter((path) => path.includes(":"))).toEqual([]);
});
