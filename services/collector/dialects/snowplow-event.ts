import type { Purpose } from "../../contract/event.ts";
import { campaignOf } from "./campaign-of.ts";
import { byServerClock, isoTime } from "./clock.ts";
import type { Draft, Unusable } from "./dialect.ts";
import { isFields, numberOrText, shown, textOf, without } from "./fields.ts";
import type { Fields } from "./fields.ts";
import { grantedByList } from "./granted.ts";
import { messageId } from "./message-id.ts";
import { asSelfDescribing, schemaName, selfDescribing } from "./snowplow-json.ts";
import type { SelfDescribing } from "./snowplow-json.ts";

const PLACED = new Set(["aid", "eid", "uid", "duid", "ue_pr", "ue_px", "co", "cx"]);

/** The contract's view of one event of Snowplow's tracker protocol (README.md), or the reason why it is none. */
export function snowplowDraft(sent: unknown, receivedAt: number): Draft | Unusable {
  if (!isFields(sent)) return { reason: "event must be a JSON object" };
  const occurredAt = timeOf(sent, receivedAt);
  if (occurredAt === undefined) {
    return { reason: `dtm must be milliseconds since 1970, got ${shown(sent.dtm)}` };
  }
  const said = whatHappened(sent);
  if ("reason" in said) return said;
  const contexts = contextsOf(sent);
  if (contexts === undefined) {
    return { reason: "co or cx must be a list of self-describing JSON" };
  }
  const { about, ...what } = said;
  const page = pageOf(sent);
  return {
    id: messageId(sent.eid, sent.dtm !== undefined),
    ...what,
    anonymousId: textOf(sent.duid),
    userId: textOf(sent.uid),
    occurredAt,
    context: {
      page,
      ...(about === undefined ? {} : { schema: about.schema }),
      contexts,
      snowplow: without(sent, PLACED),
    },
    consent: consentOf(about === undefined ? contexts : [about, ...contexts]),
    campaign: campaignOf(page.url),
  };
}

type What = Pick<Draft, "type" | "name" | "properties"> & { readonly about?: SelfDescribing };

function whatHappened(sent: Fields): What | Unusable {
  switch (sent.e) {
    case "pv":
      return { type: "page", name: textOf(sent.page), properties: {} };
    case "pp":
      return { type: "track", name: "page_ping", properties: fieldsOf(sent, "pp_") };
    case "se":
      return { type: "track", name: textOf(sent.se_ac), properties: fieldsOf(sent, "se_") };
    case "tr":
      return { type: "track", name: "transaction", properties: fieldsOf(sent, "tr_") };
    case "ti":
      return { type: "track", name: "transaction_item", properties: fieldsOf(sent, "ti_") };
    case "ue":
      break;
    default:
      return { reason: `e must be one of pv, pp, se, tr, ti, ue, got ${shown(sent.e)}` };
  }
  const about = asSelfDescribing(selfDescribing(sent.ue_pr, sent.ue_px)?.data);
  if (about === undefined || !isFields(about.data)) {
    return { reason: "ue_pr or ue_px must be a self-describing event" };
  }
  const name = schemaName(about.schema);
  const isScreen = name === "screen_view";
  return {
    type: isScreen ? "screen" : "track",
    name: isScreen ? textOf(about.data.name) : name,
    properties: about.data,
    about,
  };
}

/** Fields that are numbers, which are sent as text; others that look like one are none. */
const NUMBERS = /^(se_va|pp_.+|tr_(tt|tx|sh)|ti_(pr|qu))$/;

/** The fields whose names begin so, without that. */
function fieldsOf(sent: Fields, prefix: string): Fields {
  return Object.fromEntries(
    Object.entries(sent)
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, value]) => [
        key.slice(prefix.length),
        typeof value === "string" && NUMBERS.test(key) ? numberOrText(value) : value,
      ]),
  );
}

/** Entities of an event; undefined if what was sent is none. */
function contextsOf({ co, cx }: Fields): SelfDescribing[] | undefined {
  if (co === undefined && cx === undefined) return [];
  const data = selfDescribing(co, cx)?.data;
  if (!Array.isArray(data)) return undefined;
  const contexts = data.map(asSelfDescribing);
  return contexts.every((context) => context !== undefined) ? contexts : undefined;
}

/** Purposes granted by what the enhanced consent plugin says, as the event or as an entity of it; undefined if it says nothing. */
function consentOf(said: readonly SelfDescribing[]): Purpose[] | undefined {
  for (const { schema, data } of said) {
    if (schemaName(schema) !== "consent_preferences" || !isFields(data)) continue;
    const isAllowed = data.eventType === "allow_all" || data.eventType === "allow_selected";
    return isAllowed ? grantedByList(data.consentScopes, []) : [];
  }
  return undefined;
}

function pageOf({ url, page, refr }: Fields): Fields {
  return Object.fromEntries(
    Object.entries({ url, title: page, referrer: refr }).filter(([, value]) => value !== undefined),
  );
}

/** When it happened: by the clock that the sender trusts, else by its device's, put right by the time of sending. */
function timeOf({ ttm, dtm, stm }: Fields, receivedAt: number): string | undefined {
  if (ttm !== undefined) return isoTime(milliseconds(ttm));
  if (dtm === undefined) return isoTime(receivedAt);
  const sentAt = stm === undefined ? NaN : milliseconds(stm);
  return isoTime(
    byServerClock(milliseconds(dtm), Number.isNaN(sentAt) ? undefined : sentAt, receivedAt),
  );
}

/** A time is sent as text; NaN if it is none. */
function milliseconds(time: unknown): number {
  return typeof time === "string" || typeof time === "number" ? Number(time || NaN) : NaN;
}
