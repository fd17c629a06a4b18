import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { serve, type ServerType } from "@hono/node-server";
import type { SMTPServer } from "smtp-server";
import { createApp } from "../../../local/receiver/app.ts";
import { Mailbox } from "../../../local/receiver/mails/mailbox.ts";
import { createMailSmtp } from "../../../local/receiver/mails/smtp.ts";
import { Inbox } from "../../../local/receiver/notification.ts";
import { smtpServer } from "../../../services/contract/smtp-url.ts";
import { openSmtp } from "../../../services/worker/mail/smtp.ts";

let mailbox: Mailbox;
let inbox: Inbox;
let smtp: SMTPServer;
let server: ServerType;
let url: string;
beforeEach(async () => {
  mailbox = new Mailbox();
  inbox = new Inbox();
  smtp = createMailSmtp(mailbox);
  smtp.listen(0, "127.0.0.1");
  await once(smtp.server, "listening");
  const { fetch } = createApp(inbox, mailbox);
  server = serve({ fetch, hostname: "127.0.0.1", port: 0 });
  await once(server, "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.close();
  await new Promise<void>((closed) => smtp.close(() => closed()));
});

/** Sends letters by the worker's own way out. */
async function send(...letters: { to: string; subject: string; html: string }[]): Promise<void> {
  const { port } = smtp.server.address() as AddressInfo;
  const way = openSmtp(smtpServer(`smtp+plain://127.0.0.1:${port}`)!);
  for (const { to, subject, html } of letters) {
    const message = Buffer.from(
      [
        "From: luis@olivarluz.example",
        `To: ${to}`,
        `Subject: ${subject}`,
        "List-Unsubscribe: <http://127.0.0.1:30101/mail/unsubscribe/t>",
        "MIME-Version: 1.0",
        "Content-Type: text/html; charset=utf-8",
        "",
        html,
      ].join("\r\n"),
    );
    const mail = { from: "luis@olivarluz.example", to, id: "letter", message };
    const outcome = await way.send(mail, new AbortController().signal);
    expect(outcome).toMatchObject({ kind: "sent" });
  }
  way.close();
}

/** What Chromium makes of a page, once its frames are there. */
async function seen(path: string): Promise<string> {
  const profile = mkdtempSync(join(tmpdir(), "chromium-"));
  try {
    const { stdout } = await promisify(execFile)(
      "chromium",
      ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"].concat(
        `--user-data-dir=${profile}`,
        "--dump-dom",
        url + path,
      ),
      { timeout: 60_000 },
    );
    return stdout;
  } finally {
    rmSync(profile, { recursive: true, force: true });
  }
}

test("letters are listed, newest first, and are no notifications", async () => {
  expect(await (await fetch(`${url}/mails`)).text()).toContain("None came yet.");
  await send(
    { to: "ana@example.com", subject: "First", html: "<p>One</p>" },
    { to: "eva@example.com", subject: "Second", html: "<p>Two</p>" },
  );
  const { mails } = (await (await fetch(`${url}/mails.json`)).json()) as { mails: object[] };
  expect(mails).toMatchObject([
    { to: ["eva@example.com"], subject: "Second", html: "<p>Two</p>\n" },
    {
      to: ["ana@example.com"],
      subject: "First",
      headers: { "list-unsubscribe": "<http://127.0.0.1:30101/mail/unsubscribe/t>" },
    },
  ]);
  expect(inbox.list({})).toEqual([]);
});

test("a browser shows the list and a letter; what the letter would run does not run", async () => {
  const bad = `<script>document.title = "RAN"; parent.document.title = "RAN";</script>
    <img src="data:," onerror="document.title = 'RAN'"><p>Good day, Ana</p>`;
  await send({ to: "ana@example.com", subject: "Hi <b>Ana</b> & all", html: bad });
  expect(await seen("/mails")).toContain(
    '<a href="/mails/1">Hi &lt;b&gt;Ana&lt;/b&gt; &amp; all</a>',
  );
  const page = await seen("/mails/1");
  expect(page).toContain("<title>Hi &lt;b&gt;Ana&lt;/b&gt; &amp; all</title>");
  expect(page).toContain("<td>&lt;http://127.0.0.1:30101/mail/unsubscribe/t&gt;</td>");
  expect(page).toContain('sandbox="allow-popups allow-popups-to-escape-sandbox"');
  const letter = await seen("/mails/1/html");
  expect(letter).toContain("<p>Good day, Ana</p>");
  expect(letter).not.toContain("<title>RAN");
}, 60_000);

test("a letter is there as it came", async () => {
  await send({ to: "ana@example.com", subject: "First", html: "<p>One</p>" });
  const answer = await fetch(`${url}/mails/1/raw`);
  expect(answer.headers.get("content-type")).toMatch(/^text\/plain/);
  expect(await answer.text()).toContain("Subject: First\r\n");
});

test("the latest are kept", async () => {
  const raw = Buffer.from(`Subject: Long\r\n\r\n${"a".repeat(6 * 1024 * 1024)}`);
  for (let i = 0; i < 3; i += 1) await mailbox.add({ from: "", to: [], raw });
  expect(mailbox.list().map(({ id }) => id)).toEqual([3, 2]);
});

test.each(["/mails/7", "/mails/x", "/mails/7/html", "/mails/7/raw"])(
  "fails to show %s",
  async (path) => {
    expect((await fetch(url + path)).status).toBe(404);
  },
);
