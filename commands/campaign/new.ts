import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readCampaign } from "../../stacks/campaigns/file.ts";
import { campaignSchema } from "../../stacks/campaigns/schema.ts";

/**
 * Writes the file of a new campaign: one letter to those who sign up, from the next month on, for its author to change.
 *
 * @param owner e-mail address of its author.
 * @returns its path.
 * @throws Error if there is one, or the name is none that a campaign can have.
 */
export function newCampaign(name: string, owner: string, now: Date, folder = "campaigns"): string {
  const path = join(folder, `${name}.yaml`);
  const text = template(owner, monthAfter(now, 1), monthAfter(now, 2));
  const { problems } = readCampaign(path, text, campaignSchema());
  if (problems.length > 0) throw new Error(problems.join("\n"));
  if (existsSync(path)) {
    throw new Error(`FILE must be new, got ${path}, which is there; edit it, or take another name`);
  }
  writeFileSync(path, text, { flag: "wx" });
  return path;
}

/** First day of the month that comes so many months later, `2027-01-01`. */
function monthAfter(now: Date, months: number): string {
  const first = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + months, 1));
  return first.toISOString().slice(0, 10);
}

function template(owner: string, from: string, to: string): string {
  return `# yaml-language-server: $schema=./campaign.schema.json
owner: ${JSON.stringify(owner)}
purpose: Say in a sentence what it is for.

window:
  timeZone: Europe/Madrid
  from: "${from} 09:00"
  to: "${to} 00:00"

audience:
  all: []
  none:
    - { event: Order Completed, atLeast: 1 }

consentBasis: [email]
locales: [en, es]

content:
  welcome: { type: email-template, slug: welcome }

variants:
  - { name: letter, percent: 100 }

channels:
  letters: { kind: email, from: ${JSON.stringify(owner)}, costPerThousand: 0.5 }

journey:
  startsWith: Signed Up
  steps:
    - { name: greet, send: { channel: letters, content: welcome } }

frequencyCap: { messages: 3, days: 7 }
quietHours: { from: "21:00", to: "08:00" }

goal: { event: Order Completed, withinDays: 30, effectPercent: 1 }

rollout:
  - { percent: 10, gate: { hours: 24 } }
  - { percent: 100 }

budget: { currency: EUR, daily: 5, total: 100 }
`;
}
