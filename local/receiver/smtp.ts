import { text } from "node:stream/consumers";
import { SMTPServer } from "smtp-server";
import type { Inbox } from "./notification.ts";
import { fromMail } from "./shapes.ts";

/** Largest message, in bytes. */
const MAX_MESSAGE = 1024 * 1024;

/** The SMTP side of the receiver: takes mail for anybody from anybody, and sends none on. */
export function createSmtp(inbox: Inbox): SMTPServer {
  return new SMTPServer({
    size: MAX_MESSAGE,
    authOptional: true,
    disabledCommands: ["STARTTLS"],
    onData(stream, session, callback) {
      text(stream).then((message) => {
        for (const { address } of session.envelope.rcptTo) inbox.add(fromMail(message, address));
        callback();
      }, callback);
    },
  });
}
