import { isWhole } from "../../contract/consent.ts";
import { digestId } from "../../contract/event-id.ts";
import { isoTime } from "../dialects/clock.ts";
import type { Submission } from "../dialects/dialect.ts";
import { isFields, shown, textOf, without } from "../dialects/fields.ts";
import type { Fields } from "../dialects/fields.ts";
import { grantedByList } from "../dialects/granted.ts";
import { messageId } from "../dialects/message-id.ts";
import { exposureTo } from "./exposure.ts";
import type { Exposed } from "./exposure.ts";
import type { FlagSet } from "./flags.ts";
import { campaignIdOf } from "./vwo-settings.ts";

const PLACED = new Set(["event", "visitor", "visId", "msgId"]);
const OWN_PROPS = new Set(["vwo_envKey", "vwo_sdkName", "vwo_sdkVersion", "isCustomEvent"]);
/** What its SDKs put into events of customers' own for want of anything. */
const EMPTY_PROPS = new Set([...OWN_PROPS, "variation", "id"]);

/** The contract's view of an event of VWO's SDKs (README.md). */
export function vwoSubmission(sent: Fields, set: FlagSet, at: number, body: Buffer): Submission {
  const raw = (): Buffer => body;
  const bad = (reason: string): Submission => ({ draft: { reason }, sent, raw });
  const { d } = sent;
  if (!isFields(d)) return bad(`d must be a JSON object, got ${shown(d)}`);
  const { event, visitor = {}, visId, msgId } = d;
  if (!isFields(event)) return bad(`event must be a JSON object, got ${shown(event)}`);
  const { name, props = {}, time = at } = event;
  if (typeof name !== "string" || name === "") {
    return bad(`name must be the name of what happened, got ${shown(name)}`);
  }
  if (!isFields(props)) return bad(`props must be a JSON object, got ${shown(props)}`);
  const occurredAt = typeof time === "number" ? isoTime(time) : undefined;
  if (occurredAt === undefined) {
    return bad(`time must be milliseconds since 1970, got ${shown(time)}`);
  }
  const known = isFields(visitor) && isFields(visitor.props) ? visitor.props : {};
  const person: Exposed = {
    id: textOf(visId) ?? "",
    anonymousId: textOf(visId),
    userId: textOf(known.userId),
    consent: grantedByList(textOf(known.consent)?.split(/[\s,]+/), []),
    context: { ...without(d, PLACED), visitor: known },
  };
  const flag = name === "vwo_variationShown" ? flagOf(props.id, set) : undefined;
  const variant = flag?.variants[Number(props.variation) - 1];
  // Two events of one decision share it; it begins with the id of the person, of whom no digest may be left without consent.
  const isKept = isWhole(person.consent ?? []) && textOf(msgId) !== null;
  const id = isKept ? digestId({ msgId, name, campaign: props.id }) : undefined;
  if (flag?.kind === "experiment" && variant !== undefined) {
    const given = { set, experiment: flag.key, variant: variant.key, messageId: id };
    return exposureTo(person, given, time as number, raw);
  }
  return {
    draft: {
      ...person,
      id: messageId(id, event.time !== undefined),
      type: "track",
      name,
      occurredAt,
      properties: without(props, props.isCustomEvent === true ? EMPTY_PROPS : OWN_PROPS),
      campaign: textOf(props.utm_campaign),
    },
    sent,
    raw,
  };
}

function flagOf(campaignId: unknown, { byKey }: FlagSet) {
  return [...byKey.values()].find(({ flag }) => campaignIdOf(flag) === campaignId)?.flag;
}
