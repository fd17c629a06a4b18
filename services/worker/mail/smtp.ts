import { Readable } from "node:stream";
import { createTransport, type SendMailOptions } from "nodemailer";
import { isOfRecipient } from "../../contract/mail-feedback.ts";
import type { SmtpServer } from "../../contract/smtp-url.ts";
import { tooLate } from "../connectors/exchange.ts";
import type { Outcome } from "../journeys/channel.ts";

/** A message as it goes over the wire, and from where to where. */
export interface Mail {
  /** Addresses of the envelope. */
  readonly from: string;
  readonly to: string;
  /** Named in what comes back of it, where the server can. */
  readonly id: string;
  readonly message: Buffer;
}

/** A server that takes mails. */
export interface Smtp {
  /** Hands a mail over; looks at `signal` last before the line that makes the server responsible for it. */
  send(mail: Mail, signal: AbortSignal): Promise<Outcome>;

  /** Closes its connections; a mail that is being handed over is first. */
  close(): void;
}

/** Connections at once. */
const CONNECTIONS = 5;

/** The most that connecting and greeting may take, and that the server may say nothing, in milliseconds. */
const CONNECTING = 10_000;
const SILENCE = 60_000;

/** Replies about the login or the session, which are no fault of the mail. */
const SESSION = new Set([421, 454, 530, 534, 535, 538]);

/** Opens connections to a server as mails come, and keeps them. */
export function openSmtp({ host, port, tls, login }: SmtpServer): Smtp {
  const transport = createTransport({
    pool: true,
    host,
    port,
    secure: tls === "implicit",
    requireTLS: tls === "starttls",
    ignoreTLS: tls === "none",
    ...(login && { auth: { user: login.user, pass: login.password } }),
    maxConnections: CONNECTIONS,
    // Whoever sends tries again, and knows when that is safe.
    maxRequeues: 0,
    connectionTimeout: CONNECTING,
    greetingTimeout: CONNECTING,
    socketTimeout: SILENCE,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  // What it returns is read once the server waits for the message, and not before.
  transport.use("stream", ({ data, message }, done) => {
    message.processFunc((data as Gated).gate);
    done();
  });
  // Without a listener a connection that ends could end the process; each mail hears of its own.
  transport.on("error", () => undefined);

  return {
    async send({ from, to, id, message }, signal) {
      /** Whether the server may have the whole message. */
      let isWhole = false;
      let isTooLate = false;
      async function* watched(whole: Readable): AsyncGenerator<Buffer> {
        for await (const chunk of whole) yield chunk as Buffer;
        isTooLate = signal.aborted;
        // The message ends without the line that ends it: the server forgets it.
        if (isTooLate) throw new Error(tooLate.reason);
        isWhole = true;
      }
      if (signal.aborted) return tooLate;
      try {
        const mail: Gated = {
          envelope: { from, to },
          dsn: { id, return: "headers", notify: ["failure"], recipient: `rfc822;${to}` },
          raw: message,
          gate: (whole) => Readable.from(watched(whole)),
        };
        const { response } = await transport.sendMail(mail);
        const reference = /^250 2\.0\.0 .*?\bqueued as ([\w.-]{1,128})/i.exec(response)?.[1];
        return { kind: "sent", ...(reference && { reference }) };
      } catch (error) {
        return isTooLate ? tooLate : outcomeOf(error, isWhole);
      }
    },
    close: () => transport.close(),
  };
}

/** A mail as nodemailer takes it, and what its bytes go through last. */
interface Gated extends SendMailOptions {
  readonly gate: (whole: Readable) => Readable;
}

/** @param isWhole whether the server may have the whole message. */
function outcomeOf(error: unknown, isWhole: boolean): Outcome {
  const { code, command, responseCode, response } = error as {
    code?: string;
    command?: string;
    responseCode?: number;
    response?: string;
  };
  if (responseCode === undefined) {
    const word = /^[A-Z]\w{1,30}$/.test(code ?? "") ? code! : "no answer";
    return isWhole
      ? { kind: "unknown", reason: `the mail server has the mail and did not answer: ${word}` }
      : { kind: "later", reason: `the mail server cannot be reached: ${word}` };
  }
  const status = /^\d{3}[ -](\d\.\d{1,3}\.\d{1,3})/.exec(response ?? "")?.[1];
  const reason = `the mail server answered ${responseCode}${status ? ` ${status}` : ""}`;
  const isAboutMail = /^(MAIL FROM|RCPT TO|DATA)$/.test(command ?? "");
  if (responseCode < 500 || !isAboutMail || SESSION.has(responseCode)) {
    return { kind: "later", reason };
  }
  const bounced =
    command !== "MAIL FROM" &&
    (status === undefined ? command === "RCPT TO" : isOfRecipient(status));
  return { kind: "refused", reason, ...(bounced && { bounced }) };
}
