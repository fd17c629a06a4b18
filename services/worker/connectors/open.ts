import type { Connectors, ConnectorSettings } from "../../contract/connectors.ts";
import type { Channel } from "../journeys/channel.ts";
import { hubspotChannel } from "./hubspot.ts";
import { salesforceChannel } from "./salesforce.ts";
import { slackChannel } from "./slack.ts";
import { teamsChannel } from "./teams.ts";
import { webhookChannel } from "./webhook.ts";
import type { FindWords } from "./words.ts";

/** The ways to other systems as they are set up, by the name that campaigns have for each. */
export function openConnectors(
  settings: Connectors,
  find: FindWords,
): ReadonlyMap<string, Channel> {
  return new Map(Object.entries(settings).map(([name, one]) => [name, open(one, find)]));
}

function open(settings: ConnectorSettings, find: FindWords): Channel {
  switch (settings.kind) {
    case "webhook":
      return webhookChannel(settings);
    case "slack":
      return slackChannel(settings, find);
    case "teams":
      return teamsChannel(settings, find);
    case "hubspot":
      return hubspotChannel(settings);
    case "salesforce":
      return salesforceChannel(settings);
  }
}
