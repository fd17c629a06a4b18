import { html, raw } from "hono/html";
import type { KeptMail } from "./mailbox.ts";

type Html = ReturnType<typeof html>;

/** Readable by day and by night, and on a telephone. */
const STYLE = `
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { margin: 1.5rem auto; max-width: 60rem; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; }
th, td { border-top: 1px solid #8886; padding: .25rem .75rem .25rem 0; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
iframe { background: #fff; border: 1px solid #8886; height: 40rem; width: 100%; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; }
`;

/** Headers that a mail's page shows. */
const SHOWN = ["from", "to", "subject", "message-id", "list-unsubscribe", "list-unsubscribe-post"];

/** Every mail that is kept, newest first; loads itself again every 10 s. */
export function listPage(mails: readonly KeptMail[]): Html {
  return frame(
    "Inbox",
    html`<p>Letters that would have left this machine since the platform started.</p>
      ${
        mails.length === 0
          ? html`<p>None came yet.</p>`
          : html`<table>
              <thead>
                <tr>
                  <th>Received</th>
                  <th>From</th>
                  <th>To</th>
                  <th>Subject</th>
                </tr>
              </thead>
              <tbody>
                ${mails.map(
                  ({ id, receivedAt, from, to, parsed }) =>
                    html`<tr>
                      <td>${receivedAt}</td>
                      <td>${from}</td>
                      <td>${to.join(", ")}</td>
                      <td><a href="/mails/${id}">${parsed.subject || "(no subject)"}</a></td>
                    </tr>`,
                )}
              </tbody>
            </table>`
      }`,
    html`<meta http-equiv="refresh" content="10" />`,
  );
}

/** One mail: what is in its head, what it looks like, and what it says in plain text. */
export function mailPage({ id, receivedAt, from, to, parsed }: KeptMail): Html {
  const headers = parsed.headers.filter(({ key }) => SHOWN.includes(key));
  return frame(
    parsed.subject || "(no subject)",
    html`<p><a href="/mails">Inbox</a> · <a href="/mails/${id}/raw">as it came</a></p>
      <table>
        <tbody>
          <tr>
            <th>Received</th>
            <td>${receivedAt}, from ${from} for ${to.join(", ")}</td>
          </tr>
          ${headers.map(
            ({ key, value }) =>
              html`<tr>
                <th>${key}</th>
                <td>${value}</td>
              </tr>`,
          )}
        </tbody>
      </table>
      ${
        parsed.html === undefined
          ? ""
          : html`<h2>HTML</h2>
              <iframe
                sandbox="allow-popups allow-popups-to-escape-sandbox"
                src="/mails/${id}/html"
                title="The letter"
              ></iframe>`
      }
      <h2>Plain text</h2>
      <pre>${parsed.text ?? ""}</pre>`,
  );
}

function frame(title: string, content: Html, head: Html | string = ""): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        ${head}
        <title>${title}</title>
        <style>
          ${raw(STYLE)}
        </style>
      </head>
      <body>
        <h1>${title}</h1>
        ${content}
      </body>
    </html>`;
}
