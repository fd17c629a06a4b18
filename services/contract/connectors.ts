import type { Channel } from "./campaign.ts";

/** A webhook that anybody can offer, by the specification Standard Webhooks. */
export interface WebhookSettings {
  readonly kind: "webhook";
  readonly url: string;
  /** `whsec_` and 24-64 bytes in base64: what the other side tells by that a message is ours. */
  readonly signingSecret: string;
}

/** A channel of Slack. */
export interface SlackSettings {
  readonly kind: "slack";
  /** Token of a bot with the scopes `chat:write` and `channels:history` that is a member of the channel. */
  readonly token: string;
  /** Id of the channel, such as `C0123456789`. */
  readonly channel: string;
  /** Where its API is. @default "https://slack.com/api/" */
  readonly url?: string;
}

/** A channel of Microsoft Teams. */
export interface TeamsSettings {
  readonly kind: "teams";
  /** Address of a workflow that begins with "When a Teams webhook request is received"; a secret. */
  readonly url: string;
}

/** Contacts in HubSpot. */
export interface HubspotSettings {
  readonly kind: "hubspot";
  /** Access token of a private app with the scope `crm.objects.contacts.write`. */
  readonly token: string;
  /** Internal name of the contacts' number property that holds the health score. */
  readonly scoreProperty: string;
  /** Where its API is. @default "https://api.hubapi.com" */
  readonly url?: string;
}

/** Records in Salesforce, or in what speaks as it does. */
export interface SalesforceSettings {
  readonly kind: "salesforce";
  /** The organisation's own address, such as `https://acme.my.salesforce.com`. */
  readonly url: string;
  /** Of a connected app with the client credentials flow. */
  readonly clientId: string;
  readonly clientSecret: string;
  /** API name of the records, such as `Customer_Health__c`. */
  readonly object: string;
  /** API name of the records' external id, which holds the person's id. */
  readonly externalId: string;
  /** API name of the records' number field that holds the health score. */
  readonly scoreField: string;
}

/** How a way to another system is set up. */
export type ConnectorSettings =
  WebhookSettings | SlackSettings | TeamsSettings | HubspotSettings | SalesforceSettings;

/** Kind of channel in a campaign that each kind of connector serves. */
const CHANNEL_KINDS: Readonly<Record<ConnectorSettings["kind"], Channel["kind"]>> = {
  webhook: "webhook",
  slack: "chat",
  teams: "chat",
  hubspot: "crm",
  salesforce: "crm",
};

/** Kind of a campaign's channel that each connector serves, by name. */
export function channelKinds(settings: Connectors): Record<string, Channel["kind"]> {
  return Object.fromEntries(
    Object.entries(settings).map(([name, { kind }]) => [name, CHANNEL_KINDS[kind]]),
  );
}

/** A field of settings: what it must be. */
interface Field {
  readonly rule: string;
  readonly form: RegExp;
  readonly isOptional?: true;
}

const url: Field = { rule: "be an http(s) URL", form: /^https?:\/\/[^\s/]+\S*$/ };
const token: Field = {
  rule: "be a token of 8-512 characters without white space",
  form: /^\S{8,512}$/,
};
const apiName: Field = {
  rule: "be an API name of 1-80 letters, digits and _",
  form: /^[A-Za-z]\w{0,79}$/,
};

const FIELDS: Readonly<Record<ConnectorSettings["kind"], Readonly<Record<string, Field>>>> = {
  webhook: {
    url,
    signingSecret: {
      rule: "be whsec_ and 24-64 bytes in base64",
      form: /^whsec_[A-Za-z0-9+/]{32,86}={0,2}$/,
    },
  },
  slack: {
    token: { rule: "be a bot's token, xoxb-…", form: /^xoxb-[\w-]{8,250}$/ },
    channel: { rule: "be a channel's id such as C0123456789", form: /^[CG][A-Z0-9]{6,20}$/ },
    url: { ...url, isOptional: true },
  },
  teams: { url },
  hubspot: { token, scoreProperty: apiName, url: { ...url, isOptional: true } },
  salesforce: {
    url,
    clientId: token,
    clientSecret: token,
    object: apiName,
    externalId: apiName,
    scoreField: apiName,
  },
};

/** A setting up of connectors, by the name that campaigns have for each: `secret` of a channel. */
export type Connectors = Readonly<Record<string, ConnectorSettings>>;

/**
 * What is wrong with settings of connectors, all at once, as `<field> must <rule>, got <value>; <remedy>`. No value is shown but
 * names and kinds: any may be a secret.
 */
export function connectorProblems(value: unknown): string[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return [
      `connectors must be an object of settings by name, got ${shown(value)}; write {} for none`,
    ];
  }
  return Object.entries(value).flatMap(([name, settings]: [string, unknown]) =>
    settingsProblems(name, settings),
  );
}

function settingsProblems(name: string, settings: unknown): string[] {
  const path = `connectors.${name}`;
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name) || name.length > 63) {
    return [
      `${path} must have a name of 1-63 characters of [a-z0-9-], got ${JSON.stringify(name.slice(0, 80))}; campaigns call it by that name`,
    ];
  }
  if (typeof settings !== "object" || settings === null) {
    return [`${path} must be an object with a kind, got ${shown(settings)}; see Pulumi.yaml`];
  }
  const { kind, ...given } = settings as Record<string, unknown>;
  const kinds = Object.keys(FIELDS);
  if (typeof kind !== "string" || !kinds.includes(kind)) {
    return [
      `${path}.kind must be one of ${kinds.join(", ")}, got ${typeof kind === "string" ? JSON.stringify(kind.slice(0, 80)) : shown(kind)}; set it`,
    ];
  }
  const fields = FIELDS[kind as ConnectorSettings["kind"]];
  const unknown = Object.keys(given)
    .filter((field) => !(field in fields))
    .map(
      (field) =>
        `${path}.${field} must be one of ${Object.keys(fields).join(", ")} where kind is ${kind}, got a field of another name; take it out`,
    );
  const wrong = Object.entries(fields).flatMap(([field, { rule, form, isOptional }]) => {
    const text = given[field];
    if (isOptional && text === undefined) return [];
    if (typeof text === "string" && text.length <= 2048 && form.test(text)) return [];
    return [
      `${path}.${field} must ${rule}, got ${shown(text)}; set it with pulumi config set --path --secret`,
    ];
  });
  return [...unknown, ...wrong];
}

function shown(value: unknown): string {
  if (value === undefined || value === "") return "nothing";
  return typeof value === "string"
    ? `a value of ${value.length} characters that is not shown`
    : `a value of type ${value === null ? "null" : typeof value} that is not shown`;
}
