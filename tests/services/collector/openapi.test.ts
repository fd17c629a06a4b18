import { Ajv } from "ajv";

import { OWN_PATHS } from "../../../services/collector/openapi.ts";
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
