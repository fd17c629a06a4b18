import { parseArgs } from "node:util";
import { serve } from "@hono/node-server";
import { createApp } from "./app.ts";
import { Mailbox } from "./mails/mailbox.ts";
import { createMailSmtp } from "./mails/smtp.ts";
import { Inbox } from "./notification.ts";
import { createSmtp } from "./smtp.ts";

// Takes the notifications that leave Alertmanager, and letters of campaigns where stacks hand them over:
// `main.ts --address ADDRESS --port PORT --smtp-port PORT [--letters-address ADDRESS]`.

const flag = { type: "string" } as const;
const { values } = parseArgs({
  options: { address: flag, port: flag, "smtp-port": flag, "letters-address": flag },
});
const { address, port, "smtp-port": smtpPort, "letters-address": lettersAddress } = values;
if (!address || !port || !smtpPort) {
  process.stderr.write("error: --address, --port and --smtp-port must be given\n");
  process.exit(1);
}

const inbox = new Inbox();
const mailbox = new Mailbox();
const app = createApp(inbox, mailbox);
const server = serve({ fetch: app.fetch, hostname: address, port: Number(port) });
const smtp = createSmtp(inbox);
smtp.listen(Number(smtpPort), address);
const letters = createMailSmtp(mailbox);
if (lettersAddress) letters.listen(Number(smtpPort), lettersAddress);
for (const listener of [server, smtp, letters]) {
  listener.on("error", (error: Error) => {
    process.stderr.write(`error: ${error.message}\n`);
    if ("syscall" in error && error.syscall === "listen") process.exit(1);
  });
}
for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => process.exit(0));
