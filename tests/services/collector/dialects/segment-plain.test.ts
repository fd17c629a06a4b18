import { isDeepStrictEqual } from "node:util";

import fc from "fast-check";

import { decodeBatch, decodeSingle } from "../../../../services/collector/dialects/segment-body.ts";
import { segmentDraft } from "../../../../services/collector/dialects/segment-event.ts";
import { readBatch, readSingle } from "../../../../services/collector/dialects/segment-plain.ts";
import { MalformedBody } from "../../../../services/collector/dialects/dialect.ts";
import type { Decoded } from "../../../../services/collector/dialects/dialect.ts";
import { admit } from "../../../../services/collector/intake.ts";
import type { Origin } from "../../../../services/collector/intake.ts";
import { RecordBlock } from "../../../../services/collector/record-block.ts";
import { scanRecords } from "../../../../services/collector/record.ts";
import { Refusals, type Refusal } from "../../../../services/collector/refusals.ts";

const at = Date.parse("2026-06-01T12:00:00.000Z");
const origin: Origin = { source: "website", dialect: "segment", path: "/v1/b", headers: {}, at };

/** The id of an event that has none and does not say when it happened, or has no consent: a new one each time. */
const NEW_ID = /"id":"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"/;

/** What is stored of a body, and the key in it; the reason if nothing can be made of it. */
function kept(decode: () => Decoded, from: Origin = origin): unknown {
  let decoded: Decoded;
  try {
    decoded = decode();
  } catch (error) {
    expect(error).toBeInstanceOf(MalformedBody);
    return (error as Error).message;
  }
  const { writeKey, submissions } = decoded;
  const records = submissions.map((submission) => {
    const block = new RecordBlock();
    const refusals = new Refusals();
    const outcome = admit(submission, from, block, refusals);
    refusals.addTo(block, from.at);
    const [found, ...refused] = [...scanRecords(block.bytes)];
    const text = found!.payload.toString().replace(NEW_ID, '"id":"new"');
    // Each row is one line.
    expect(found!.payload.every((byte) => byte >= 0x20)).toBe(true);
    const refusedRows = refused.map(({ payload }) => JSON.parse(payload.toString()) as Refusal);
    return { outcome, kind: found!.kind, row: JSON.parse(text), refusals: refusedRows };
  });
  return { writeKey, records };
}

function expectSame(body: Buffer, from?: Origin): void {
  expect(kept(() => readBatch(body, at), from)).toEqual(
    kept(() => decodeBatch(body, at, segmentDraft), from),
  );
  const single = { type: "page", receivedAt: at } as const;
  expect(kept(() => readSingle(body, "page", at), from)).toEqual(
    kept(() => decodeSingle(body, single, segmentDraft), from),
  );
}

/** Mostly what SDKs send, and the rest of what anybody may. */
const mostly = <T>(usual: fc.Arbitrary<T>, ...unusual: unknown[]): fc.Arbitrary<unknown> =>
  fc.oneof({ arbitrary: usual, weight: 6 }, { arbitrary: fc.constantFrom(...unusual), weight: 1 });
const text = fc.oneof(
  { arbitrary: fc.stringMatching(/^[a-zA-Z0-9 /:._-]{1,20}$/), weight: 4 },
  fc.string({ unit: "grapheme", maxLength: 20 }),
  fc.string({ unit: "binary", maxLength: 8 }),
  fc.constantFrom(
    "203.0.113.9",
    "at 203.0.113.9:80",
    "1.84.3",
    "2001:db8:1:2::7",
    "T12:00:00",
    "12:34:56",
    "url?ip=2001%3Adb8%3A1%3A2%3A%3A7",
    'quote " and \\ and \n',
    "\ud800",
    "\0",
  ),
);
const time = mostly(
  fc
    .date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) })
    .map((day) => day.toISOString()),
  "2026-02-29T12:00:00.000Z",
  "2026-04-31T12:00:00.000Z",
  "2026-06-01T12:00:00Z",
  "2026-06-01T24:00:00.000Z",
  "1969-06-01T12:00:00.000Z",
  "yesterday",
  null,
  7,
);
const properties = mostly(
  fc.dictionary(text, fc.oneof(text, fc.double(), fc.jsonValue({ maxDepth: 3 })), { maxKeys: 4 }),
  null,
  [],
  "text",
  { globalPrivacyControl: true },
);
const consent = fc.constantFrom(
  { categoryPreferences: { analytics: true, Email: true, advertising: true } },
  { categoryPreferences: { analytics: true } },
  { categoryPreferences: { analytics: false } },
  {
    categoryPreferences: { analytics: true },
    tcString: "CPXxRfAPXxRfAAfKABENB-CgAAAAAAAAAAYgAAAAAAAA",
  },
  "yes",
  null,
);
const context = mostly(
  fc.record(
    {
      consent,
      campaign: mostly(fc.record({ name: text }), {}, null, { name: 7 }, { name: "" }, "mail"),
      page: fc.record({ url: text }),
    },
    { requiredKeys: [] },
  ),
  null,
  [],
);
const event = mostly(
  fc.record(
    {
      type: mostly(
        fc.constantFrom("track", "page", "identify", "screen"),
        "group",
        "alias",
        "x",
        1,
      ),
      messageId: mostly(text, "", 7, null),
      event: mostly(text, "", 7, null),
      name: mostly(text, null, 7),
      userId: mostly(text, null, 7, ""),
      anonymousId: mostly(text, null, {}),
      timestamp: time,
      originalTimestamp: time,
      sentAt: mostly(fc.constant("2026-06-01T12:00:01.000Z"), "2026-05-01T12:00:00.000Z", null, 1),
      context,
      properties,
      traits: properties,
      category: text,
      groupId: text,
      integrations: mostly(fc.constant({}), { All: true }, [], null),
      writeKey: text,
      _metadata: properties,
    },
    { requiredKeys: ["type", "event", "messageId", "userId"] },
  ),
  null,
  7,
  "track",
  [],
);

test("what is kept as it was written is what parsing it makes", () => {
  fc.assert(
    fc.property(
      fc.array(event, { maxLength: 3 }),
      fc.constantFrom(undefined, "2026-06-01T12:00:01.000Z", "2026-05-01T12:00:00.000Z", "x", null),
      fc.constantFrom(undefined, 1),
      fc.boolean(),
      (batch, sentAt, indent, optedOut) => {
        const from = optedOut ? { ...origin, headers: { "sec-gpc": "1" } } : origin;
        const body = { batch, sentAt, writeKey: "key", ...(batch[0] as object) };
        expectSame(Buffer.from(JSON.stringify(body, undefined, indent)), from);
      },
    ),
    { numRuns: 1_000 },
  );
});

test("what is no JSON for one is none for the other", () => {
  const whole =
    '{"batch":[{"type":"track","event":"e","messageId":"m","userId":"u","properties":' +
    '{"a":[1,-0.5,2e3,true,false,null,"\\u00e9\\n"],"b":{}},"timestamp":"2026-06-01T11:59:59.500Z",' +
    '"context":{"consent":{"categoryPreferences":{"analytics":true}},"campaign":{"name":"mail"},"ip":"12:ab::1"}}],' +
    '"sentAt":null,"writeKey":"key"}';
  const characters = [...'"\\{}[]:,.-+eE01x \n\0tfn', "\ud83d\ude00"];
  fc.assert(
    fc.property(
      fc.nat(whole.length - 1),
      fc.nat(2),
      fc.constantFrom("", ...characters),
      (start, length, instead) => {
        expectSame(Buffer.from(whole.slice(0, start) + instead + whole.slice(start + length)));
      },
    ),
    { numRuns: 3_000 },
  );
});

const valid = '"type":"track","event":"e","messageId":"m","userId":"u"';
test.each([
  `{"batch":[{${valid},"userId":"v"}],"batch":[{${valid}},{${valid}}]}`,
  `{"batch":[{${valid},"context":{"consent":{"categoryPreferences":{"analytics":true}}},"context":{}}]}`,
  `{"batch":[{${valid},"context":{"consent":{"categoryPreferences":{"analytics":true}}},"context":null}]}`,
  `{"batch":[{${valid},"cont\\u0065xt":{"consent":{"categoryPreferences":{"analytics":true}}}}]}`,
  `{"batch":[{${valid},"\\u0075serId":"v"}]}`,
  `{"batch":[{${valid},"__proto__":{"a":1},"properties":{"__proto__":{"b":2}}}]}`,
  `{"batch":[{${valid},"properties":{"global\\u0050rivacyControl":true}}]}`,
  `{"batch":[{${valid},"properties":{"n":${"9".repeat(400)}}}]}`,
  `{"batch":[{${valid},"properties":{"n":-7346244611012968789}}]}`,
  `{"batch":[{${valid},"event":"${"é🎁".repeat(300)}"}]}`,
  `{"batch":[{${valid},"context":{"campaign":{"name":"${"x".repeat(257)}"}}}]}`,
  `{"batch":[{${valid},"context":{"n":[9007199254740991,9007199254740993,123456789012345]}}]}`,
  `{"batch":[{${valid},"properties":{"n":${"[".repeat(70)}${"]".repeat(70)}}}]}`,
  `{"batch":[{${valid},"properties":{"t":"1\\u002e2.3.4"}}]}`,
  ` {"batch" : [ {${valid}} ] } `,
  `{"batch":[{${valid}}]} x`,
  `{"batch":[{${valid}},]}`,
  `{"batch":7}`,
  `[]`,
  ``,
])("%s is kept the same", (body) => {
  expectSame(Buffer.from(body));
});

const granted = '{"consent":{"categoryPreferences":{"analytics":true}}}';

test("what repeats is not taken for what only begins like it", () => {
  const with_ = (context: string): string => `{${valid},"context":${context}}`;
  const contexts = [granted, granted, '{"consent":{}}', granted, "{}", `{"a":${granted}}`, granted];
  expectSame(Buffer.from(`{"batch":[${contexts.map(with_).join(",")}]}`));
});

test("consent is that of its own context, also after one that nobody asked for it", () => {
  const context = '{"consent":{"categoryPreferences":{"analytics":true}}}';
  const denied = '{"consent":{"categoryPreferences":{"analytics":false}}}';
  const bad = `"type":"track","event":7,"messageId":"m","userId":"u"`;
  for (const [before, asked] of [
    [context, denied],
    [denied, context],
  ] as const) {
    const events = [`{${valid},"context":${before}}`, `{${bad},"context":${asked}}`];
    expectSame(Buffer.from(`{"batch":[${events.join(",")},{${valid},"context":${asked}}]}`));
  }
});

test("a body that ends where what repeats would go on is read to its end", () => {
  const context = JSON.stringify({ page: { title: "x".repeat(8_000) } });
  readBatch(Buffer.from(`{"batch":[{${valid},"context":${context}}]}`), at);
  for (let length = 0; length < context.length; length += 97) {
    expectSame(Buffer.from(`{"batch":[{${valid},"context":${context.slice(0, length)}`));
  }
});

test("events of any size are kept the same, after each other", () => {
  for (const bytes of [10, 400_000, 31_000, 33_000, 10, 490_000]) {
    const event = `{${valid},"properties":{"a":"${"x".repeat(Math.min(bytes, 31_000))}"}}`;
    const large = `{${valid},"properties":{"a":"${"y".repeat(bytes)}"}}`;
    const events = [...Array.from({ length: bytes / 31_000 }, () => event), large];
    const body = Buffer.from(`{"batch":[${events.join(",")}]}`);
    const [read, parsed] = [readBatch, decodeBatch].map((decode) =>
      kept(() => decode(body, at, segmentDraft)),
    );
    // Not toEqual: it would show them.
    expect(isDeepStrictEqual(read, parsed)).toBe(true);
  }
});

const keptAsWritten = `{"batch":[{${valid},"timestamp":"2026-06-01T11:59:59.500Z"}]}`;

test("a long integer is kept as a text of the same digits", () => {
  const body = `{"batch":[{${valid},"properties":{"n":7346244611012968789},"context":${granted}}]}`;
  expect(kept(() => readBatch(Buffer.from(body), at))).toMatchObject({
    records: [{ row: { properties: { n: "7346244611012968789" } } }],
  });
});

test("an event that nothing has to be done to is not parsed", () => {
  const body = Buffer.from(keptAsWritten);
  expect(readBatch(body, at).submissions[0]!.written).toBeDefined();
});

test("who opts out in one event is asked for in no other", () => {
  const out = `{${valid},"properties":{"globalPrivacyControl":true}}`;
  const body = Buffer.from(
    `{"batch":[{${valid}},${out},{${valid},"properties":{"a":"globalPrivacyControl"}}]}`,
  );
  expectSame(body);
  const written = readBatch(body, at).submissions.map((one) => one.written !== undefined);
  expect(written).toEqual([true, false, true]);
});

test.each([keptAsWritten, "{"])("events are kept the same after %s was read", (other) => {
  const body = Buffer.from(`{"batch":[{${valid},"messageId":"first"},{${valid}}]}`);
  const read = readBatch(body, at);
  kept(() => readBatch(Buffer.from(other), at));
  expect(read.submissions.map((one) => one.written)).toEqual([undefined, undefined]);
  expect(kept(() => read)).toEqual(kept(() => decodeBatch(body, at, segmentDraft)));
});
