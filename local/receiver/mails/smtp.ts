import { buffer } from "node:stream/consumers";
import { SMTPServer } from "smtp-server";
import type { Mailbox } from "./mailbox.ts";

/** Largest mail, in bytes. */
const MAX_MAIL = 4 * 1024 * 1024;

/** Takes letters of campaigns for anybody, keeps them, and sends none on. */
export function createMailSmtp(mailbox: Mailbox): SMTPServer {
  return new SMTPServer({
    size: MAX_MAIL,
    authOptional: true,
    disabledCommands: ["STARTTLS", "AUTH"],
    onData(stream, { envelope }, callback) {
      buffer(stream)
        .then((raw) =>
          mailbox.add({
            from: envelope.mailFrom ? envelope.mailFrom.address : "",
            to: envelope.rcptTo.map(({ address }) => address),
            raw,
          }),
        )
        .then(() => callback(), callback);
    },
  });
}
