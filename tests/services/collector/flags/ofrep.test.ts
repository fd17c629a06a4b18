import fc from "fast-check";

import type { Flag } from "../../../../services/contract/flag.ts";
import { openApp, WRITE_KEY } from "../open-app.ts";
import type { OpenedApp } from "../open-app.ts";
import { aFlag } from "./a-flag.ts";

const BEARER = { authorization: `Bearer ${WRITE_KEY}` };
const consent = { analytics: true };
const PATH = "/ofrep/v1/evaluate/flags";

const open = (...flags: Flag[]): Promise<OpenedApp> =>
  openApp(
    undefined,
    flags.map((flag) => ({ key: flag.key, version: 3, flag })),
  );

test("one flag is evaluated, and an experiment's variant is an exposure", async () => {
  const { post, kept } = await open(aFlag());
  const context = { targetingKey: "user-1", userId: "user-1", consent, plan: "pro" };
  const { status, headers, body } = await post(`${PATH}/checkout`, { context }, BEARER);
  expect([status, headers["content-type"]]).toEqual([200, "application/json"]);
  expect(JSON.parse(body)).toEqual({
    key: "checkout",
    value: "green",
    variant: "on",
    reason: "SPLIT",
    metadata: { version: 3 },
  });
  expect((await kept()).events).toEqual([
    {
      source: "website",
      id: expect.stringMatching(/^sha256-/),
      type: "exposure",
      name: "checkout",
      dialect: "ofrep",
      anonymousId: null,
      userId: "user-1",
      occurredAt: expect.any(String),
      receivedAt: expect.any(String),
      context: { consent, plan: "pro" },
      properties: { experiment: "checkout", variant: "on", version: 3 },
      consent: ["analytics"],
      campaign: "spring-sale",
    },
  ]);
});

test("the same exposure has the same id, another person's or variant's another", async () => {
  const { post, kept } = await open(aFlag());
  for (const targetingKey of ["user-1", "user-1", "user-2"]) {
    await post(`${PATH}/checkout`, { context: { targetingKey, consent } }, BEARER);
  }
  const { events } = await kept();
  expect(new Set(events.map(({ id }) => id)).size).toBe(2);
  expect(events.map(({ anonymousId }) => anonymousId)).toEqual(["user-1", "user-1", "user-2"]);
});

test("without consent an exposure holds nothing that leads to a person", async () => {
  const { post, kept } = await open(aFlag());
  const context = { targetingKey: "user-1" };
  await post(`${PATH}/checkout`, { context }, BEARER);
  await post(`${PATH}/checkout`, { context }, BEARER);
  const { events } = await kept();
  expect(events).toMatchObject([
    { anonymousId: null, userId: null, context: {}, properties: {} },
    { anonymousId: null, userId: null, context: {}, properties: {} },
  ]);
  expect(events[0]!.id).not.toBe(events[1]!.id);
});

test.each<[string, Partial<Flag>, object]>([
  ["a flag that is no experiment", { kind: "flag" }, { reason: "SPLIT", value: "green" }],
  ["a disabled flag", { enabled: false }, { reason: "DISABLED", value: "grey" }],
  ["one outside the rollout", { rollout: 0 }, { reason: "DEFAULT", value: "grey" }],
])("%s exposes nobody", async (_, changes, expected) => {
  const { post, kept } = await open(aFlag(changes));
  const answer = await post(`${PATH}/checkout`, { context: { targetingKey: "user-1" } }, BEARER);
  expect(JSON.parse(answer.body)).toMatchObject(expected);
  expect((await kept()).events).toEqual([]);
});

test("all flags are evaluated at once, and not sent or counted again to who has the same", async () => {
  const { post, kept } = await open(aFlag(), aFlag({ key: "zoom", kind: "flag" }));
  const body = { context: { targetingKey: "user-1", consent } };
  const first = await post(PATH, body, { "x-api-key": WRITE_KEY });
  expect(JSON.parse(first.body)).toMatchObject({
    flags: [
      { key: "checkout", value: "green" },
      { key: "zoom", value: "green" },
    ],
  });
  const { etag } = first.headers as { etag: string };
  const second = await post(PATH, body, { ...BEARER, "if-none-match": etag });
  expect(second).toEqual({ status: 304, headers: { etag }, body: "" });
  const other = { context: { targetingKey: "user-2", consent } };
  expect((await post(PATH, other, { ...BEARER, "if-none-match": etag })).status).toBe(200);
  expect((await kept()).events.map(({ anonymousId }) => anonymousId)).toEqual(["user-1", "user-2"]);
});

test.each<[string, unknown, number, string]>([
  ["nothing", { context: { targetingKey: "u" } }, 404, "FLAG_NOT_FOUND"],
  ["checkout", {}, 400, "TARGETING_KEY_MISSING"],
  ["checkout", { context: { targetingKey: "" } }, 400, "TARGETING_KEY_MISSING"],
  ["checkout", { context: 7 }, 400, "INVALID_CONTEXT"],
  ["checkout", "{", 400, "PARSE_ERROR"],
])("fails on %s asked with %j with %i %s", async (key, body, status, errorCode) => {
  const { post } = await open(aFlag());
  const answer = await post(`${PATH}/${key}`, body, BEARER);
  expect([answer.status, JSON.parse(answer.body)]).toEqual([
    status,
    { key, errorCode, errorDetails: expect.any(String) },
  ]);
});

test("fails on all flags without a person flag by flag", async () => {
  const { post } = await open(aFlag());
  const { status, body } = await post(PATH, {}, BEARER);
  expect([status, JSON.parse(body).flags]).toEqual([
    200,
    [{ key: "checkout", errorCode: "TARGETING_KEY_MISSING", errorDetails: expect.any(String) }],
  ]);
});

test.each([{}, { authorization: "Bearer nobody" }, { "x-api-key": "nobody" }])(
  "fails without a known key (%j) with 401, nothing kept",
  async (headers) => {
    const { post, kept } = await open(aFlag());
    const body = { context: { targetingKey: "u", consent } };
    expect((await post(`${PATH}/checkout`, body, headers)).status).toBe(401);
    expect(await kept()).toEqual({ events: [], badRows: [] });
  },
);

test("any context is answered, and never with a 5xx", async () => {
  const { post } = await open(aFlag({ audience: [{ attribute: "plan", in: ["pro"] }] }));
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(PATH, `${PATH}/checkout`, `${PATH}/__proto__`),
      fc.oneof(
        fc.json(),
        fc.json().map((context) => `{"context":${context}}`),
        fc.string(),
      ),
      async (path, body) => {
        expect([200, 400, 404]).toContain((await post(path, body, BEARER)).status);
      },
    ),
  );
});
