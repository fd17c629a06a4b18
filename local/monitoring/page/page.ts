import { html, raw } from "hono/html";
import type { Incident } from "../incidents/incident.ts";
import type { PolicyState } from "./policy-state.ts";
import { style } from "./style.ts";

/** One project, as the page shows it. Nothing here comes from a channel's labels: they hold secrets. */
export interface ShownProject {
  readonly id: string;
  readonly policies: readonly {
    readonly name: string;
    readonly severity: string;
    readonly state: PolicyState;
    /** Display names of its channels. */
    readonly channels: readonly string[];
  }[];
  readonly checks: readonly {
    readonly name: string;
    readonly target: string;
    /** "passed", "failed", or why there is neither. */
    readonly state: string;
    readonly detail: string;
  }[];
  /** Newest first, open and closed. */
  readonly incidents: readonly Incident[];
}

/** What the page says above the projects. */
export interface Notices {
  readonly projects: readonly ShownProject[];
  /** Problems of the emulator itself. */
  readonly problems: readonly string[];
}

type Html = ReturnType<typeof html>;

/** How many closed incidents of a project are shown. */
const HISTORY = 100;

/** The page; loads itself again every 10 s. */
export function page({ projects, problems }: Notices): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="refresh" content="10" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Alerts</title>
        <style>
          ${raw(style)}
        </style>
      </head>
      <body>
        <h1>Alerts</h1>
        ${problems.map((problem) => html`<p class="problem" role="alert">${problem}</p>`)}
        ${projects.length === 0 ? html`<p>Nothing is stored yet.</p>` : ""} ${projects.map(section)}
      </body>
    </html>`;
}

function section({ id, policies, checks, incidents }: ShownProject): Html {
  const open = incidents.filter(({ closedAt }) => closedAt === null);
  const closed = incidents.filter(({ closedAt }) => closedAt !== null).slice(0, HISTORY);
  return html`<section aria-labelledby="${id}">
    <h2 id="${id}">${id}</h2>
    ${table(
      `Open incidents of ${id}`,
      ["Alert", "Severity", "Summary", "Labels", "Value", "Since"],
      open.map((one) => [
        one.alert,
        badge(one.severity),
        one.summary,
        labels(one.labels),
        one.value,
        time(one.openedAt),
      ]),
      "No incident is open.",
    )}
    ${table(
      `Policies of ${id}`,
      ["Policy", "Severity", "State", "Channels"],
      policies.map(({ name, severity, state, channels }) => [
        name,
        badge(severity),
        html`${badge(state.word)} ${state.detail}`,
        channels.join(", "),
      ]),
      "There is no policy.",
    )}
    ${table(
      `Uptime checks of ${id}`,
      ["Check", "Target", "State"],
      checks.map(({ name, target, state, detail }) => [
        name,
        target,
        html`${badge(state)} ${detail}`,
      ]),
      "There is no uptime check.",
    )}
    ${table(
      `Closed incidents of ${id}`,
      ["Alert", "Severity", "Labels", "Opened", "Closed", "Why"],
      closed.map((one) => [
        one.alert,
        badge(one.severity),
        labels(one.labels),
        time(one.openedAt),
        time(one.closedAt!),
        one.reason!,
      ]),
      "No incident has closed yet.",
    )}
  </section>`;
}

function table(
  caption: string,
  heads: readonly string[],
  rows: readonly (readonly (string | Html)[])[],
  empty: string,
): Html {
  return html`<table>
    <caption>
      ${caption}
    </caption>
    <thead>
      <tr>
        ${heads.map((head) => html`<th scope="col">${head}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${
        rows.length === 0
          ? html`<tr>
              <td colspan="${heads.length}">${empty}</td>
            </tr>`
          : rows.map(
              (cells) =>
                html`<tr>
                  ${cells.map((cell) => html`<td>${cell}</td>`)}
                </tr>`,
            )
      }
    </tbody>
  </table>`;
}

function badge(word: string): Html {
  return html`<span class="badge ${word.replaceAll(" ", "-")}">${word}</span>`;
}

function labels(all: Readonly<Record<string, string>>): string {
  return Object.entries(all)
    .map(([name, value]) => `${name}=${value}`)
    .join(" ");
}

function time(moment: string): Html {
  return html`<time datetime="${moment}">${moment.slice(0, 19).replace("T", " ")} UTC</time>`;
}
