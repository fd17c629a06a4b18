import { uuidOf } from "../../../../services/worker/publication.ts";
import type { Effect } from "../../../../services/worker/journeys/channel.ts";
import { letterCampaign } from "../campaigns/a-campaign.ts";

/** A message of a campaign to Ana, who was last seen a moment ago, with changes. */
export function anEffect(changes: Partial<Effect> = {}): Effect {
  const now = new Date().toISOString();
  const key = changes.key ?? "uid/user:ana/greet";
  return {
    key,
    id: uuidOf(key),
    campaign: "welcome",
    spec: letterCampaign(),
    step: "greet",
    variant: "letter",
    channel: { kind: "webhook", secret: "partner" },
    content: "welcome",
    locale: "en",
    person: {
      person: "user:ana",
      ids: ["user:ana"],
      traits: { email: "ana@example.com", firstName: "Ana" },
      activity: {
        page: { count: 1, firstAt: now, lastAt: now, days: { [now.slice(0, 10)]: 1 } },
      },
      consent: ["email"],
    },
    signal: new AbortController().signal,
    ...changes,
  };
}
