import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import PostalMime, { type Email } from "postal-mime";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";

/** A mail that a server has taken. */
export interface Taken {
  readonly from: string;
  readonly to: readonly string[];
  readonly raw: string;
  readonly mail: Email;
}

/** What a server says at the end of a message. */
export type Verdict =
  | "take"
  /** Takes it, and breaks the connection instead of saying so. */
  | "hang up"
  | { readonly code: number; readonly says: string };

/** A mail server on 127.0.0.1. */
export interface MailServer {
  readonly port: number;
  readonly taken: Taken[];
  /** How many connections were opened. */
  connections: number;
  /** Hears of each message as it begins. */
  begun: () => void;
  /** Decides what becomes of a recipient; undefined takes it. */
  recipient: (address: string) => { readonly code: number; readonly says: string } | undefined;
  /** Decides what becomes of a message. */
  verdict: () => Verdict;
  /** Breaks all connections. */
  breakOff(): void;
  stop(): Promise<void>;
}

/** Starts one; without options, it knows no TLS and asks for no login. */
export async function startMailServer(options: SMTPServerOptions = {}): Promise<MailServer> {
  const smtp = new SMTPServer({
    authOptional: true,
    logger: false,
    disabledCommands: ["STARTTLS", "AUTH"],
    ...options,
    onConnect(_session, done) {
      server.connections += 1;
      done();
    },
    onRcptTo({ address }, _session, done) {
      const refusal = server.recipient(address);
      done(refusal ? reply(refusal) : undefined);
    },
    onData(stream, { envelope }, done) {
      server.begun();
      buffer(stream).then(async (bytes) => {
        const verdict = server.verdict();
        if (typeof verdict === "object") return done(reply(verdict));
        server.taken.push({
          from: envelope.mailFrom ? envelope.mailFrom.address : "",
          to: envelope.rcptTo.map(({ address }) => address),
          raw: bytes.toString(),
          mail: await PostalMime.parse(bytes),
        });
        if (verdict === "hang up") return server.breakOff();
        done(null, "2.0.0 Ok: queued as ABC123");
      }, done);
    },
  });
  smtp.on("error", () => undefined);
  const server: MailServer = {
    port: 0,
    taken: [],
    connections: 0,
    begun: () => undefined,
    recipient: () => undefined,
    verdict: () => "take",
    breakOff: () => {
      for (const one of smtp.connections as Set<{ _socket: { destroy(): void } }>) {
        one._socket.destroy();
      }
    },
    stop: async () => {
      server.breakOff();
      await new Promise<void>((closed) => smtp.close(() => closed()));
    },
  };
  smtp.listen(0, "127.0.0.1");
  await once(smtp.server, "listening");
  return Object.assign(server, { port: (smtp.server.address() as AddressInfo).port });
}

function reply({ code, says }: { readonly code: number; readonly says: string }): Error {
  return Object.assign(new Error(says), { responseCode: code });
}
