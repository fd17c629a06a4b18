import { json } from "../answer.ts";
import type { Answer } from "../answer.ts";
import type { Call } from "./dialect.ts";
import { isFields } from "./fields.ts";
import type { Fields } from "./fields.ts";
import { ga4Draft } from "./ga4-event.ts";
import { objectBody } from "./json-body.ts";

/** One thing that is wrong with a request, as Google's debug endpoint says it. */
export interface ValidationMessage {
  /** Where, in the body; empty for all of it. */
  readonly fieldPath: string;
  readonly description: string;
  readonly validationCode:
    "VALUE_INVALID" | "VALUE_REQUIRED" | "NAME_INVALID" | "NAME_RESERVED" | "EXCEEDED_MAX_ENTITIES";
}

/** Limits of Google's documentation. */
const MAX_EVENTS = 25;
const MAX_PARAMS = 25;
const MAX_VALUE = 100;
const MAX_LONG_VALUES: ReadonlyMap<string, number> = new Map([
  ["page_title", 300],
  ["page_referrer", 420],
  ["page_location", 1_000],
]);
const NAME = /^[A-Za-z]\w{0,39}$/;
const RESERVED_PREFIX = /^(_|firebase_|ga_|google_)/;
const RESERVED = new Set([
  "ad_activeview",
  "ad_click",
  "ad_exposure",
  "ad_impression",
  "ad_query",
  "adunit_exposure",
  "app_clear_data",
  "app_install",
  "app_remove",
  "app_update",
  "error",
  "first_open",
  "first_visit",
  "in_app_purchase",
  "notification_dismiss",
  "notification_foreground",
  "notification_open",
  "notification_receive",
  "os_update",
  "screen_view",
  "session_start",
  "user_engagement",
]);

/** What the debug endpoint answers: an empty list if nothing is wrong with a request. Stores nothing. */
export function validationPage(call: Call): Answer {
  return json(200, { validationMessages: validate(call) });
}

function validate({ body, at }: Call): ValidationMessage[] {
  let request: Fields;
  try {
    request = objectBody(body);
  } catch (error) {
    return [message("", (error as Error).message, "VALUE_INVALID")];
  }
  const { events } = request;
  if (!Array.isArray(events) || events.length === 0) {
    return [message("events", "events must be an array with at least one", "VALUE_REQUIRED")];
  }
  const messages = events.flatMap((event: unknown, index) => {
    const at0 = `events[${index}]`;
    const draft = ga4Draft(event, request, {}, at);
    if ("reason" in draft) {
      return [message(at0, draft.reason, isFields(event) ? "VALUE_REQUIRED" : "VALUE_INVALID")];
    }
    const { name, params = {} } = event as { name: string; params?: Fields };
    return [...nameMessages(name, `${at0}.name`), ...paramMessages(params, `${at0}.params`)];
  });
  return [...countMessages(events.length, MAX_EVENTS, "events"), ...messages];
}

function nameMessages(name: string, path: string): ValidationMessage[] {
  if (RESERVED.has(name) || RESERVED_PREFIX.test(name)) {
    return [message(path, `name must not be reserved, got ${name}`, "NAME_RESERVED")];
  }
  return NAME.test(name)
    ? []
    : [message(path, "name must be a letter and up to 39 of [A-Za-z0-9_]", "NAME_INVALID")];
}

function paramMessages(params: Fields, path: string): ValidationMessage[] {
  const messages = Object.entries(params).flatMap(([name, value]) => [
    ...nameMessages(name, `${path}.${name}`),
    ...valueMessages(value, MAX_LONG_VALUES.get(name) ?? MAX_VALUE, `${path}.${name}`),
  ]);
  return [...countMessages(Object.keys(params).length, MAX_PARAMS, path), ...messages];
}

function valueMessages(value: unknown, maxLength: number, path: string): ValidationMessage[] {
  return typeof value === "string" && value.length > maxLength
    ? [message(path, `value must be at most ${maxLength} long`, "VALUE_INVALID")]
    : [];
}

function countMessages(count: number, max: number, path: string): ValidationMessage[] {
  return count > max
    ? [message(path, `entries must be at most ${max}, got ${count}`, "EXCEEDED_MAX_ENTITIES")]
    : [];
}

function message(
  fieldPath: string,
  description: string,
  validationCode: ValidationMessage["validationCode"],
): ValidationMessage {
  return { fieldPath, description: description.slice(0, 500), validationCode };
}
