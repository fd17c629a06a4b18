import fc from "fast-check";

import { unsubscribeToken } from "../../../../services/contract/mail-feedback.ts";
import { MAIL_KEY, openApp, PREVIOUS_MAIL_KEY, WRITE_KEY } from "../open-app.ts";
import type { OpenedApp } from "../open-app.ts";
import { complaint, nonDelivery } from "./reports.ts";

const MESSAGE = "0f8fad5b-d9cb-869f-a165-70867728950e";
const url = (key = MAIL_KEY): string => `/mail/unsubscribe/${unsubscribeToken(key, MESSAGE)}`;
const ONE_CLICK = "List-Unsubscribe=One-Click";

let opened: OpenedApp;
beforeEach(async () => {
  opened = await openApp();
});

const event = (id: string, name: string) => ({
  source: "mail",
  id,
  type: "track",
  name,
  dialect: null,
  anonymousId: null,
  userId: null,
  occurredAt: expect.stringMatching(/^20/),
  receivedAt: expect.stringMatching(/^20/),
  context: {},
  properties: {},
  consent: [],
  campaign: null,
});

test("looking at the link changes nothing; the page's button sends to the same place", async () => {
  const { status, headers, body } = await opened.get(url());
  expect(status).toBe(200);
  expect(headers["content-type"]).toBe("text/html; charset=utf-8");
  expect(headers["content-security-policy"]).toContain("default-src 'none'");
  expect(body).toContain('<form method="post"><button>Unsubscribe</button></form>');
  expect(await opened.kept()).toEqual({ events: [], badRows: [] });
});

test.each([
  ["a mail program's one click", ONE_CLICK, {}],
  ["the page's button", "", { origin: "https://events.example" }],
  ["a page that says no origin", "", { origin: "null", "sec-gpc": "1" }],
])("%s unsubscribes, and tells nothing of the person", async (_who, body, headers) => {
  const answer = await opened.post(url(), body, headers);
  expect([answer.status, answer.body]).toEqual([
    200,
    expect.stringContaining("<h1>You are unsubscribed</h1>"),
  ]);
  expect(await opened.kept()).toEqual({
    events: [event(`${MESSAGE}:unsubscribed`, "Unsubscribed")],
    badRows: [],
  });
});

test("a link of before the key was rotated works", async () => {
  expect((await opened.post(url(PREVIOUS_MAIL_KEY), ONE_CLICK, {})).status).toBe(200);
  expect((await opened.kept()).events).toHaveLength(1);
});

test.each([
  ["signed by another source", url(WRITE_KEY)],
  ["cut short", url().slice(0, -1)],
  ["of another message", `${url().slice(0, 20)}x${url().slice(21)}`],
  ["that is a write key", `/mail/unsubscribe/${MAIL_KEY}`],
])("fails on a link %s, and keeps nothing", async (_what, wrong) => {
  for (const answer of [await opened.get(wrong), await opened.post(wrong, ONE_CLICK, {})]) {
    expect([answer.status, answer.body]).toEqual([
      404,
      expect.stringContaining("<h1>This link does not work</h1>"),
    ]);
  }
  expect(await opened.kept()).toEqual({ events: [], badRows: [] });
});

const report = (message: string, key = MAIL_KEY) =>
  opened.post("/mail/reports", message, { authorization: `Bearer ${key}` });

test.each([
  ["a delivery that failed", nonDelivery({ message: MESSAGE }), "bounced", "Letter Bounced"],
  [
    "a mailbox that is gone",
    nonDelivery({ message: MESSAGE, status: "5.2.1 (disabled)" }),
    "bounced",
    "Letter Bounced",
  ],
  [
    "one that brings the headers back",
    nonDelivery({ message: MESSAGE, returned: "text/rfc822-headers" }),
    "bounced",
    "Letter Bounced",
  ],
  [
    "one that names the envelope alone",
    nonDelivery({ message: MESSAGE, returned: "nothing" }),
    "bounced",
    "Letter Bounced",
  ],
  ["a complaint", complaint({ message: MESSAGE }), "complained", "Letter Complained About"],
  [
    "a wish to get no more",
    complaint({ message: MESSAGE, type: "opt-out" }),
    "unsubscribed",
    "Unsubscribed",
  ],
])("a report of %s is kept", async (_what, message, feedback, name) => {
  const answer = await report(message);
  expect([answer.status, JSON.parse(answer.body)]).toEqual([200, { feedback: 1 }]);
  expect(await opened.kept()).toEqual({
    events: [event(`${MESSAGE}:${feedback}`, name)],
    badRows: [],
  });
});

test.each([
  ["a delay", nonDelivery({ message: MESSAGE, action: "delayed", status: "4.4.1" })],
  ["a delivery", nonDelivery({ message: MESSAGE, action: "delivered", status: "2.0.0" })],
  ["a letter taken for spam", nonDelivery({ message: MESSAGE, status: "5.7.1 (blocked)" })],
  ["letters that are no spam", complaint({ message: MESSAGE, type: "not-spam" })],
])("a report of %s is nothing to keep", async (_what, message) => {
  expect((await report(message)).status).toBe(200);
  expect(await opened.kept()).toEqual({ events: [], badRows: [] });
});

test.each([
  ["an ordinary mail", "Subject: Hi\r\n\r\nI am on holiday.", "must have a part"],
  ["another sender's letter", nonDelivery({ message: "no-uuid" }), "must tell the Message-ID"],
  ["nothing", "", "must have a part"],
  ["no mail at all", "\u0000\u0001{]", "must have a part"],
])("%s is a bad row", async (_what, message, reason) => {
  expect((await report(message)).status).toBe(200);
  const { events, badRows } = await opened.kept();
  expect([events, badRows]).toEqual([
    [],
    [expect.objectContaining({ source: "mail", reason: expect.stringContaining(reason) })],
  ]);
});

test.each(["", WRITE_KEY, "x"])("fails on a report that comes with the key %j", async (key) => {
  expect((await report(nonDelivery({ message: MESSAGE }), key)).status).toBe(401);
  expect(await opened.kept()).toEqual({ events: [], badRows: [] });
});

test("whatever is sent as a report is an event, a bad row or refused, and never an error of ours", async () => {
  const piece = fc.constantFrom(
    "--B",
    "Content-Type: multipart/report; boundary=B",
    "Content-Type: message/delivery-status",
    "Content-Type: message/rfc822",
    "Content-Transfer-Encoding: base64",
    "Action: failed",
    "Status: 5.1.1",
    "Message-ID: <0f8fad5b-d9cb-869f-a165-70867728950e@x>",
    "",
    "=\u0000%",
  );
  const odd = fc.oneof(
    fc.array(piece, { maxLength: 40 }).map((lines) => lines.join("\r\n")),
    fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes).toString("latin1")),
  );
  await fc.assert(
    fc.asyncProperty(odd, async (message) => {
      expect([200, 400]).toContain((await report(message)).status);
    }),
    { numRuns: 200 },
  );
});

test("a report that the disk cannot take is no bad row: its server is told to send it again", async () => {
  jest
    .spyOn(opened.spool, "append")
    .mockRejectedValueOnce(new Error("EROFS: read-only file system"));
  const headers = { authorization: `Bearer ${MAIL_KEY}` };
  const report = nonDelivery({ message: MESSAGE });
  expect((await opened.post("/mail/reports", report, headers)).status).toBe(503);
  expect(await opened.kept()).toEqual({ events: [], badRows: [] });
  expect((await opened.post("/mail/reports", report, headers)).status).toBe(200);
  expect((await opened.kept()).events).toHaveLength(1);
});
