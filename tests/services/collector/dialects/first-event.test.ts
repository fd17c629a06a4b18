import { firstEvent } from "../../../../services/collector/dialects/first-event.ts";

const long = "x".repeat(3_000);
const first = { messageId: "1", text: `${long} } \\ " { "`, context: { list: [{}] } };

test.each([
  ["first", { batch: [first, { messageId: "2" }], sentAt: "now" }],
  ["behind the write key", { writeKey: "KEY", batch: [first, { messageId: "2" }] }],
  [
    "behind other objects",
    { context: { batch: [{}] }, a: "batch", batch: [first, { messageId: "2" }] },
  ],
  ["with white space", { batch: [first, { messageId: "2" }], sentAt: "now" }, 2],
])(
  "the first event of a batch that stands %s is found, without those behind it",
  (_, body, indent = 0) => {
    const text = firstEvent(Buffer.from(JSON.stringify(body, null, indent)));
    expect(text.replaceAll(/\s+(?=["{}\]])|(?<=[:,[])\s+/g, "")).toContain('"list":[{}]}}');
    expect(text).not.toContain('"messageId": "2"');
    expect(text).not.toContain('"messageId":"2"');
  },
);

test.each([
  ["a body without batch", JSON.stringify(first)],
  ["a batch that is no list", JSON.stringify({ batch: "A12", a: [{}], b: long })],
  ["a batch within an event", JSON.stringify({ properties: { batch: [{}] }, b: long })],
  ["an event of that name", JSON.stringify({ context: {}, event: "batch", b: [{}], c: long })],
  ["a batch far behind", JSON.stringify({ a: long, batch: [first, first] })],
  ["a batch that does not end", `{"batch":[{"a":"${long}`],
  ["an event that is too long", JSON.stringify({ batch: [{ a: long.repeat(15) }, first] })],
  ["a small body", JSON.stringify({ batch: [{ a: 1 }, { a: 2 }] })],
])("%s is looked through as a whole", (_, body) => {
  expect(firstEvent(Buffer.from(body))).toBe(body);
});
