import { parseArgs } from "node:util";
import { serve } from "@hono/node-server";
import { createApp } from "./app.ts";
import { Inbox } from "./notification.ts";
import { createSmtp } from "./smtp.ts";

// Takes the notifications that leave Alertmanager: `main.ts --address ADDRESS --port PORT --smtp-port PORT`.

const flag = { type: "string" } as const;
const { values } = parseArgs({ options: { address: flag, port: flag, "smtp-port": flag } });
const { address, port, "smtp-port": smtpPort } = values;
if (!address || !port || !smtpPort) {
  process.stderr.write("error: --address, --port and --smtp-port must be given\n");
  process.exit(1);
}

const inbox = new Inbox();
const server = serve({ fetch: createApp(inbox).fetch, hostname: address, port: Number(port) });
const smtp = createSmtp(inbox);
smtp.listen(Number(smtpPort), address);
for (const listener of [server, smtp]) {
  listener.on("error", (error: Error) => {
    process.stderr.write(`error: ${error.message}\n`);
    if ("syscall" in error && error.syscall === "listen") process.exit(1);
  });
}
for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => process.exit(0));
