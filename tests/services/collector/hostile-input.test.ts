import { gzipSync } from "node:zlib";

import { App } from "../../../services/collector/app.ts";
import { inflated, NoRoom, Room } from "../../../services/collector/body.ts";
import type { Dialect } from "../../../services/collector/dialects/dialect.ts";
import { empty, refused } from "../../../services/collector/answer.ts";
import { reported } from "../../../services/collector/mail/report.ts";
import { Metrics } from "../../../services/collector/metrics.ts";
import { OWN_PATHS } from "../../../services/collector/openapi.ts";
import { Sources } from "../../../services/collector/sources.ts";
import { BASIC, MAIL_KEY, openApp, WRITE_KEY } from "./open-app.ts";
import { nonDelivery } from "./mail/reports.ts";

const MIB = 1024 * 1024;
const GZIP = { "content-encoding": "gzip" };

describe("few bytes that would become many", () => {
  test.each([
    ["/2/httpapi", `{"api_key":"${WRITE_KEY}","events":[${"{},".repeat(300_000)}{}]}`],
    ["/track", `[{"$token":"${WRITE_KEY}"}${",{}".repeat(300_000)}]`],
    ["/track", `{"properties":{"token":"${WRITE_KEY}"}}\n${"{}\n".repeat(300_001)}`],
    [
      "/track",
      `{"properties":{"token":"${WRITE_KEY}"}}\n${`{"a":[${"0,".repeat(200)}0]}\n`.repeat(2_000)}`,
    ],
    ["/e", `{"api_key":"${WRITE_KEY}","batch":[${"[],".repeat(300_000)}[]]}`],
  ])("a body of %s with too many values is one bad row, and is not parsed", async (path, body) => {
    const { post, kept } = await openApp();
    const { status } = await post(path, gzipSync(body), GZIP);
    expect(status).toBe(400);
    const { events, badRows } = await kept();
    expect(events).toEqual([]);
    expect(badRows.map(({ reason }) => reason)).toEqual([
      expect.stringMatching(/^body must have at most 300000 values, got \d+$/),
    ]);
  });

  test("a large body that came compressed is kept so, and its write key is found", async () => {
    const { post, kept } = await openApp();
    const sent = gzipSync(`{"api_key":"${WRITE_KEY}","events":[${"{},".repeat(2 * MIB)}{}]}`);
    expect((await post("/2/httpapi", sent, GZIP)).status).toBe(400);
    const { badRows } = await kept();
    expect(badRows.map(({ raw }) => raw)).toEqual([sent.toString("base64")]);
  });

  const events = JSON.stringify(Array.from({ length: 1_000 }, (_, index) => ({ event: index })));
  const batch = gzipSync(`{"api_key":"${WRITE_KEY}","batch":${events}}`);
  const changed = Buffer.from(batch);
  changed.fill(0, batch.length >> 1);
  test.each([
    ["/e", "what is too large", gzipSync(`{"token":"${WRITE_KEY}"${" ".repeat(11 * MIB)}`), 413],
    ["/batch", "what is cut", batch.subarray(0, -9), 400],
    ["/batch", "what is cut soon", batch.subarray(0, 200), 400],
    ["/batch", "what has changed on its way", changed, 400],
    [`/track?client_key=${WRITE_KEY}`, "what is nothing at all", gzipSync("[]").fill(1, 2), 400],
  ])("of %s, %s is kept for the source that can be read", async (path, _, sent, expected) => {
    const { post, kept } = await openApp();
    expect((await post(path, sent, GZIP)).status).toBe(expected);
    const { badRows } = await kept();
    expect(badRows.map(({ source, raw }) => [source, raw])).toEqual([
      ["website", sent.toString("base64")],
    ]);
  });

  test("what cannot be read and is of no source is not kept", async () => {
    const { post, kept } = await openApp();
    for (const key of ["nobody", ""]) {
      const sent = gzipSync(`{"api_key":"${key}","batch":${events}}`);
      expect((await post("/batch", sent.subarray(0, -9), GZIP)).status).toBe(401);
    }
    expect(await kept()).toEqual({ events: [], badRows: [] });
  });

  test("more events one a line than a request may hold are one bad row", async () => {
    const { post, kept } = await openApp();
    const event = { event: "e", properties: { token: WRITE_KEY, distinct_id: "u" } };
    const { status } = await post("/track", `${JSON.stringify(event)}\n`.repeat(2_501));
    expect(status).toBe(400);
    expect((await kept()).badRows.map(({ reason }) => reason)).toEqual([
      "events must be at most 2500, got 2501",
    ]);
  });

  test("lines that are not looked at are not dropped: with the others they are one bad row", async () => {
    const { post, kept } = await openApp();
    const event = `${JSON.stringify({ event: "e", properties: { token: WRITE_KEY, distinct_id: "u" } })}\n`;
    const few = event + event + "\n".repeat(9_997);
    expect((await post("/track", few)).status).toBe(200);
    expect((await post("/track", `${few}\n${event}`)).status).toBe(400);
    const { events, badRows } = await kept();
    expect(events).toHaveLength(2);
    expect(badRows.map(({ reason }) => reason)).toEqual([
      "events must be on at most 10000 lines, got more",
    ]);
  });

  test("an event written on many lines is one", async () => {
    const { post, kept } = await openApp();
    const properties = { token: WRITE_KEY, distinct_id: "u", list: Array(10_000).fill(0) };
    await post("/track", JSON.stringify([{ event: "e", properties }], null, 1));
    expect((await kept()).events).toHaveLength(1);
  });

  test("events of a few visitors are counted as those of many are", async () => {
    const { post, kept } = await openApp();
    const events = Array(2_501).fill(0);
    const visitors = [{ visitor_id: "v", snapshots: [{ events }] }];
    const { status } = await post("/v1/events", { account_id: WRITE_KEY, visitors });
    expect(status).toBe(204);
    expect((await kept()).badRows.map(({ reason }) => reason)).toEqual([
      "events must be at most 2500, got 2501",
    ]);
  });

  const mparticle = (shared: string, event: object): string =>
    JSON.stringify({
      ...{ shared, mp_deviceid: "d" },
      consent_state: { gdpr: { analytics: { consented: true } } },
      events: Array(100).fill(event),
    });
  const headers = { authorization: BASIC };

  test.each([
    ["good", { event_type: "custom_event" }],
    ["bad", {}],
  ])(
    "what %s events have in common is kept with each, unless it is so much that they are one bad row",
    async (_, event) => {
      const little = await openApp();
      await little.post("/v2/events", mparticle("x".repeat(10_000), event), headers);
      const kept = await little.kept();
      expect([...kept.events, ...kept.badRows]).toHaveLength(100);
      const much = await openApp();
      const batch = mparticle("x".repeat(500_000), event);
      const { status } = await much.post("/v2/events", gzipSync(batch), { ...headers, ...GZIP });
      expect(status).toBe(202);
      const { events, badRows } = await much.kept();
      expect(events).toEqual([]);
      expect(badRows.map(({ reason }) => reason)).toEqual([
        expect.stringMatching(/^events must take at most \d+ bytes, got more$/),
      ]);
      expect(Buffer.from(badRows[0]!.raw, "base64").toString()).toBe(batch);
    },
  );

  test("bodies that are decompressed at one time have a bound, and room is given back", async () => {
    const { post } = await openApp();
    const bomb = gzipSync(Buffer.alloc(8 * MIB));
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => post("/2/httpapi", bomb, GZIP)),
    );
    const busy = answers.filter(({ status }) => status === 503);
    expect(busy.length).toBeGreaterThan(0);
    expect(new Set(busy.map(({ headers: said }) => said["retry-after"]))).toEqual(new Set(["1"]));
    for (let round = 0; round < 3; round += 1) {
      expect((await post("/2/httpapi", bomb, GZIP)).status).toBe(401);
    }
  });

  test("room is given back by who fails, and held by who does not", async () => {
    const room = new Room(MIB);
    const [body, larger] = [gzipSync(Buffer.alloc(MIB / 2)), gzipSync(Buffer.alloc(2 * MIB))];
    await expect(inflated(larger, "gzip", 3 * MIB, room)).rejects.toThrow(NoRoom);
    await expect(inflated(larger, "gzip", MIB / 2, room)).rejects.toThrow("body must be at most");
    await expect(inflated(body.subarray(0, -9), "gzip", MIB, room)).rejects.toThrow("must be gzip");
    expect(await inflated(body, "gzip", MIB, room)).toHaveLength(MIB / 2);
    expect(await inflated(body, "gzip", MIB, room)).toHaveLength(MIB / 2);
    await expect(inflated(body, "gzip", MIB, room)).rejects.toThrow(NoRoom);
    room.give(MIB / 2);
    expect(await inflated(body, "gzip", MIB, room)).toHaveLength(MIB / 2);
  });
});

describe("reports of mail servers", () => {
  const report = (text: string): Buffer =>
    Buffer.from(JSON.stringify({ parts: [{ type: "message/feedback-report", text }] }));
  const authorization = `Bearer ${MAIL_KEY}`;

  test("a field of nothing but space and separators is read in its time", () => {
    const space = " ".repeat(7_000);
    expect(reported(report(`feedback-type:${space}abuse${space}\u2028x`))).toBeUndefined();
    expect(reported(report(`feedback-type:${space}abuse${space}`))).toEqual({
      reason: expect.stringContaining("Message-ID"),
    });
  });

  test.each([
    [
      "more parts than any has",
      "Content-Type: multipart/mixed; boundary=b\n\n".concat("--b\n\n".repeat(1_001)),
    ],
    ["longer headers than any has", `To: ${"a:".repeat(40_000)}\r\n\r\n`],
  ])("one with %s is a bad row", async (_, body) => {
    const { post, kept } = await openApp();
    expect((await post("/mail/reports", body, { authorization })).status).toBe(400);
    expect((await kept()).badRows).toHaveLength(1);
  });

  test("what takes long to read is not read for who has no key", async () => {
    const read: string[] = [];
    const dialect: Dialect = {
      name: "slow",
      endpoints: [
        {
          kind: "events",
          method: "POST",
          path: "/slow",
          maxBytes: MIB,
          readable: async (body) => {
            read.push(body.toString());
            return body;
          },
          decode: () => ({ writeKey: undefined, submissions: [] }),
        },
      ],
      keyOf: ({ headers }) => headers.authorization,
      keyIn: () => undefined,
      accepted: () => empty(200),
      refused,
    };
    const { spool } = await openApp();
    const sources = new Sources([{ name: "website", writeKey: WRITE_KEY }]);
    const metrics = new Metrics({ sources: sources.names, dialects: ["slow"], spool });
    const app = new App({
      sources,
      dialects: [dialect],
      spool,
      metrics,
      onTrouble: () => undefined,
    });
    const statusOf = async (key: string): Promise<number> => {
      const request = { method: "POST", path: "/slow", query: "", body: Buffer.from(key) };
      return (await app.handle({ ...request, headers: { authorization: key } })).status;
    };
    expect([await statusOf("OTHER_KEY"), await statusOf(WRITE_KEY)]).toEqual([401, 200]);
    expect(read).toEqual([WRITE_KEY]);
  });

  test("an honest one is still read", async () => {
    const { post, kept } = await openApp();
    const message = "0f8fad5b-d9cb-869f-a165-70867728950e";
    await post("/mail/reports", nonDelivery({ message }), { authorization });
    expect((await kept()).events.map(({ id }) => id)).toEqual([`${message}:bounced`]);
  });
});

describe("pages and caches", () => {
  const origin = "https://evil.example";

  test.each([...OWN_PATHS])("no page of another site may read %s", async (path) => {
    const { get } = await openApp();
    const { status, headers } = await get(path, { origin });
    expect(status).toBe(200);
    expect(Object.keys(headers).filter((name) => name.startsWith("access-control"))).toEqual([]);
  });

  test("what names host and page that asked is kept by no cache", async () => {
    const { get } = await openApp();
    for (const headers of [{ host: "a.example" }, { host: "a.example", origin }]) {
      const answer = await get(`/v1/projects/${WRITE_KEY}/settings`, headers);
      expect(answer.headers).toMatchObject({ "cache-control": "no-store", vary: "origin" });
    }
    // An event that comes by GET.
    const pixel = await get(`/i?e=pv&aid=${WRITE_KEY}&duid=d`);
    expect(pixel.headers).toMatchObject({ "cache-control": "no-store" });
    // What its SDK asks for again by what it has.
    const features = await get(`/api/features/${WRITE_KEY}`);
    expect(features.headers).toMatchObject({ "cache-control": "no-cache", vary: "origin" });
  });
});

test("streams of changes have a bound, and who leaves makes room", async () => {
  const { get } = await openApp();
  const ends: (() => void)[] = [];
  for (let stream = 0; stream < 2_000; stream += 1) {
    const answer = await get(`/sub/${WRITE_KEY}`);
    ends.push(
      answer.stream!(
        () => undefined,
        () => undefined,
      ),
    );
  }
  const { status, headers } = await get(`/sub/${WRITE_KEY}`);
  expect([status, headers["retry-after"]]).toEqual([503, "60"]);
  ends.pop()!();
  expect((await get(`/sub/${WRITE_KEY}`)).status).toBe(200);
  for (const end of ends) end();
});
