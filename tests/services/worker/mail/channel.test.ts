import tls from "node:tls";
import type { SMTPServerOptions } from "smtp-server";
import { unsubscribedMessage } from "../../../../services/contract/mail-feedback.ts";
import { smtpServer } from "../../../../services/contract/smtp-url.ts";
import type { Effect } from "../../../../services/worker/journeys/channel.ts";
import { mailChannel, type MailChannelArgs } from "../../../../services/worker/mail/channel.ts";
import type { Letter } from "../../../../services/worker/mail/letter.ts";
import { openSmtp, type Smtp } from "../../../../services/worker/mail/smtp.ts";
import { anEffect } from "../connectors/an-effect.ts";
import { startMailServer, type MailServer } from "./mail-server.ts";

const KEY = "K".repeat(32);

let server: MailServer;
let smtp: Smtp;
beforeEach(() => open());
afterEach(async () => {
  smtp.close();
  await server.stop();
});

async function open(
  options: SMTPServerOptions = {},
  scheme = "smtp+plain",
  login = "",
): Promise<void> {
  server = await startMailServer(options);
  smtp = openSmtp(smtpServer(`${scheme}://${login}127.0.0.1:${server.port}`)!);
}

async function reopen(...args: Parameters<typeof open>): Promise<void> {
  smtp.close();
  await server.stop();
  await open(...args);
}

const letter: Letter = { subject: "Welcome, Ana", html: "<p>Good day, Ana</p>", text: "Good day" };
const channel = (args: Partial<MailChannelArgs> = {}) =>
  mailChannel({
    smtp,
    find: async () => () => letter,
    collectorUrl: "https://events.example",
    linkKey: KEY,
    siteUrl: "https://shop.example",
    ...args,
  });

const mailTo = (changes: Partial<Effect> = {}): Effect =>
  anEffect({ channel: { kind: "email", from: "luis@olivarluz.example" }, ...changes });

const personWith = (email: unknown): Effect["person"] => ({
  ...anEffect().person,
  traits: { email },
});

test("a letter leaves with its parts, its id, and a link to unsubscribe in one click", async () => {
  const effect = mailTo();
  expect(await channel().send(effect)).toEqual({ kind: "sent", reference: "ABC123" });

  const [{ from, to, mail }] = server.taken as [(typeof server.taken)[0]];
  expect([from, to]).toEqual(["luis@olivarluz.example", ["ana@example.com"]]);
  expect(mail).toMatchObject({
    subject: "Welcome, Ana",
    from: { address: "luis@olivarluz.example" },
    to: [{ address: "ana@example.com" }],
    messageId: `<${effect.id}@olivarluz.example>`,
  });
  expect([mail.html, mail.text].map((one) => one?.trim())).toEqual([letter.html, letter.text]);
  const headers = new Map(mail.headers.map(({ key, value }) => [key, value]));
  expect(headers.get("idempotency-key")).toBe(effect.id);
  expect(headers.get("list-unsubscribe-post")).toBe("List-Unsubscribe=One-Click");
  const token = /^<https:\/\/events\.example\/mail\/unsubscribe\/([\w-]{64})>$/.exec(
    headers.get("list-unsubscribe")!,
  )![1]!;
  expect(unsubscribedMessage(KEY, token)).toBe(effect.id);
});

test("letters share connections", async () => {
  const mails = Array.from({ length: 40 }, (_, i) => mailTo({ key: `uid/user:${i}/greet` }));
  const outcomes = await Promise.all(mails.map((one) => channel().send(one)));
  expect(outcomes.every(({ kind }) => kind === "sent")).toBe(true);
  expect(server.taken).toHaveLength(40);
  expect(server.connections).toBeLessThanOrEqual(5);
});

const later = { kind: "later" };
const refused = { kind: "refused" };
const bounced = { kind: "refused", bounced: true };

test.each([
  [{ code: 421, says: "4.3.2 shutting down" }, later, "421 4.3.2"],
  [{ code: 451, says: "4.7.1 greylisted" }, later, "451 4.7.1"],
  [{ code: 552, says: "5.3.4 too large" }, refused, "552 5.3.4"],
  [{ code: 554, says: "spam" }, refused, "554"],
  [{ code: 550, says: "5.1.1 nobody" }, bounced, "550 5.1.1"],
])("a message answered with %j is %j", async (verdict, outcome, answered) => {
  server.verdict = () => verdict;
  expect(await channel().send(mailTo())).toEqual({
    ...outcome,
    reason: `the mail server answered ${answered}`,
  });
  server.verdict = () => "take";
  expect(await channel().send(mailTo())).toMatchObject({ kind: "sent" });
  expect(server.taken).toHaveLength(1);
});

test.each([
  ["450", later],
  ["452 4.2.2", later],
  ["550", bounced],
  ["550 5.1.1", bounced],
  ["550 5.1.10", bounced],
  ["550 5.2.1", bounced],
  ["554 5.7.1", refused],
  ["550 5.1.8", refused],
])("a recipient answered with %s is %j, and the next one is reached", async (answered, outcome) => {
  const [code, status = ""] = answered.split(" ");
  server.recipient = (address) =>
    address === "ana@example.com"
      ? { code: Number(code), says: `${status} not this one`.trim() }
      : undefined;
  expect(await channel().send(mailTo())).toEqual({
    ...outcome,
    reason: `the mail server answered ${answered}`,
  });
  const other = mailTo({ person: personWith("eva@example.com") });
  expect(await channel().send(other)).toMatchObject({ kind: "sent" });
});

test("a sender that is refused is no fault of the recipient", async () => {
  await reopen({
    onMailFrom: (_address, _session, done) =>
      done(Object.assign(new Error("5.1.1 not from here"), { responseCode: 550 })),
  });
  expect(await channel().send(mailTo())).toEqual({
    kind: "refused",
    reason: "the mail server answered 550 5.1.1",
  });
});

test("a connection that ends behind the message leaves an unknown outcome, and nothing is sent again", async () => {
  server.verdict = () => "hang up";
  expect(await channel().send(mailTo())).toMatchObject({
    kind: "unknown",
    reason: expect.stringMatching(/^the mail server has the mail and did not answer: \w+$/),
  });
  expect(server.taken).toHaveLength(1);
  expect(server.connections).toBe(1);
  server.verdict = () => "take";
  expect(await channel().send(mailTo())).toMatchObject({ kind: "sent" });
  expect(server.taken).toHaveLength(2);
});

test("a connection that ends before the message, or is refused, is later", async () => {
  server.recipient = () => {
    server.breakOff();
    return undefined;
  };
  expect(await channel().send(mailTo())).toMatchObject({ kind: "later" });
  await server.stop();
  expect(await channel().send(mailTo())).toMatchObject({ kind: "later" });
  expect(server.taken).toEqual([]);
});

test("what must not leave any more is stopped before the last line, with the server waiting for it", async () => {
  const stop = new AbortController();
  server.recipient = () => {
    stop.abort();
    return undefined;
  };
  expect(await channel().send(mailTo({ signal: stop.signal }))).toEqual({
    kind: "later",
    reason: "what let it out counts no longer",
  });
  expect(server.connections).toBe(1);
  server.recipient = () => undefined;
  expect(await channel().send(mailTo())).toMatchObject({ kind: "sent" });
  expect(server.taken).toHaveLength(1);
});

/** Takes the password `p@ss`; its certificate is smtp-server's own, which nobody signed. */
const withLogin: SMTPServerOptions = {
  authOptional: false,
  disabledCommands: [],
  onAuth: ({ password }, _session, done) =>
    password === "p@ss" ? done(null, { user: "u" }) : done(new Error("wrong")),
};

test.each([
  ["smtp", {}],
  ["smtps", { secure: true }],
])("logs in by %s; a login that is refused is no fault of the letter", async (scheme, options) => {
  const connect = tls.connect as (options: object, listening?: () => void) => tls.TLSSocket;
  const trusting = jest
    .spyOn(tls, "connect")
    .mockImplementation(((options: object, listening?: () => void) =>
      connect({ ...options, rejectUnauthorized: false }, listening)) as typeof tls.connect);
  try {
    await reopen({ ...withLogin, ...options }, scheme, "u:p%40ss@");
    expect(await channel().send(mailTo())).toMatchObject({ kind: "sent" });
    await reopen({ ...withLogin, ...options }, scheme, "u:wrong@");
    const outcome = await channel().send(mailTo());
    expect(outcome).toEqual({ kind: "later", reason: "the mail server answered 535" });
  } finally {
    trusting.mockRestore();
  }
});

test.each([
  ["smtp", {}],
  ["smtps", { secure: true }],
  ["smtp", { disabledCommands: ["STARTTLS"] }],
])("fails by %s where the other side shows no certificate to trust", async (scheme, options) => {
  await reopen({ ...withLogin, ...options }, scheme, "u:p%40ss@");
  expect(await channel().send(mailTo())).toMatchObject({ kind: "later" });
  expect(server.taken).toEqual([]);
});

test.each([undefined, 7, "", "ana", "ana@x", "a@b.c, eva@example.com", "a@b.c\r\nRCPT TO:<x@y.z>"])(
  "fails to send to the address %j",
  async (email) => {
    expect(await channel().send(mailTo({ person: personWith(email) }))).toEqual({
      kind: "refused",
      reason: "the person has no e-mail address",
    });
    expect(server.connections).toBe(0);
  },
);

test.each<[MailChannelArgs["find"], object]>([
  [async () => undefined, { kind: "later", reason: "content welcome is not published in en" }],
  [() => Promise.reject(new Error("503")), { kind: "later", reason: "the CMS does not answer" }],
  [
    async () => ({ problem: "subject must be set, got nothing" }),
    {
      kind: "later",
      reason: "content welcome in en: subject must be set, got nothing",
      retryAfterSeconds: 300,
    },
  ],
])("fails without a template, and may be tried again", async (find, outcome) => {
  expect(await channel({ find }).send(mailTo())).toEqual(outcome);
  expect(server.connections).toBe(0);
});

test("an unknown outcome stays one: a server knows no key and cannot be asked", () => {
  expect([channel().isKeyed, channel().ask]).toEqual([false, undefined]);
});
