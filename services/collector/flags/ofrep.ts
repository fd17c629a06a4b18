import { createHash } from "node:crypto";

import { json, refusalBody, retryAfter } from "../answer.ts";
import type { Answer, Refusal } from "../answer.ts";
import { bearerToken } from "./bearer-token.ts";
import type { Call, Decoded, Dialect, Submission } from "../dialects/dialect.ts";
import { isFields, shown, textOf, without } from "../dialects/fields.ts";
import type { Fields } from "../dialects/fields.ts";
import { grantedByCategory } from "../dialects/granted.ts";
import { objectBody } from "../dialects/json-body.ts";
import type { DecidingFlag } from "./decide.ts";
import { exposureTo } from "./exposure.ts";
import type { Flags, FlagSet } from "./flags.ts";

/** What is known of one person. */
const MAX_BYTES = 256 * 1024;

/** OpenFeature's Remote Evaluation Protocol (github.com/open-feature/protocol, `service/openapi.yaml`). */
export function ofrep(flags: Flags): Dialect {
  return {
    name: "ofrep",
    endpoints: [
      {
        kind: "events",
        method: "POST",
        path: "/ofrep/v1/evaluate/flags/:key",
        maxBytes: MAX_BYTES,
        decode: (call) => evaluateOne(flags, call),
      },
      {
        kind: "events",
        method: "POST",
        path: "/ofrep/v1/evaluate/flags",
        maxBytes: MAX_BYTES,
        decode: (call) => evaluateAll(flags, call),
      },
    ],
    keyOf: ({ headers }) => {
      const { "x-api-key": key } = headers;
      return typeof key === "string" ? key : bearerToken(headers);
    },
    keyIn: () => undefined,
    accepted: () => json(200, {}),
    refused,
  };
}

/** Why there is no value, in the protocol's words. */
interface Failure {
  readonly key?: string;
  readonly errorCode:
    "FLAG_NOT_FOUND" | "INVALID_CONTEXT" | "PARSE_ERROR" | "TARGETING_KEY_MISSING";
  readonly errorDetails: string;
}

/** A value, or why there is none; with it what is to be kept. */
interface Evaluated {
  readonly said: Fields | Failure;
  readonly submissions: readonly Submission[];
}

function evaluateOne(flags: Flags, call: Call): Decoded {
  const { pathKey: key } = call;
  const context = contextOf(call);
  const flag = flags.current.byKey.get(key);
  if (flag === undefined) {
    const details = "key must be that of a flag that is declared";
    return failed(404, { key, errorCode: "FLAG_NOT_FOUND", errorDetails: details });
  }
  if ("errorCode" in context) return failed(400, { key, ...(context as Failure) });
  const { said, submissions } = evaluate(flag, context, flags.current, call);
  if ("errorCode" in said) return failed(400, said as Failure);
  return { writeKey: undefined, submissions, answer: json(200, said) };
}

function evaluateAll(flags: Flags, call: Call): Decoded {
  const context = contextOf(call);
  if ("errorCode" in context) return failed(400, context as Failure);
  const set = flags.current;
  const all = [...set.byKey.values()].map((flag) => evaluate(flag, context, set, call));
  const answer = json(200, { flags: all.map(({ said }) => said), metadata: {} });
  const etag = `"${createHash("sha256").update(answer.body).digest("base64url")}"`;
  if (call.headers["if-none-match"] === etag) {
    // Who has been told the same before has been counted then.
    return {
      writeKey: undefined,
      submissions: [],
      answer: { status: 304, headers: { etag }, body: "" },
    };
  }
  return {
    writeKey: undefined,
    submissions: all.flatMap(({ submissions }) => submissions),
    answer: { ...answer, headers: { ...answer.headers, etag } },
  };
}

/** What is known of the person; none said is nothing known. */
function contextOf({ body }: Call): Fields | Failure {
  const { context = {} } = objectBody(body);
  if (isFields(context)) return context;
  const errorDetails = `context must be a JSON object, got ${shown(context)}`;
  return { errorCode: "INVALID_CONTEXT", errorDetails };
}

function evaluate(
  deciding: DecidingFlag,
  context: Fields,
  set: FlagSet,
  { at, body }: Call,
): Evaluated {
  const { flag, version } = deciding;
  const { key } = flag;
  const id = textOf(context.targetingKey);
  if (id === null) {
    const errorDetails = "targetingKey must be the id of the person";
    return { said: { key, errorCode: "TARGETING_KEY_MISSING", errorDetails }, submissions: [] };
  }
  const { variant, reason } = deciding.decide(id, context);
  const said = { key, value: variant.value, variant: variant.key, reason, metadata: { version } };
  const isExposed = flag.kind === "experiment" && reason === "SPLIT";
  const given = { set, experiment: key, variant: variant.key };
  return {
    said,
    submissions: isExposed ? [exposureTo(personOf(id, context), given, at, () => body)] : [],
  };
}

const PLACED = new Set(["targetingKey", "userId", "anonymousId"]);

/** The person of a context: the id is that of a device, unless `userId` says that it is the user's. */
function personOf(id: string, context: Fields) {
  const userId = textOf(context.userId);
  return {
    id,
    anonymousId: textOf(context.anonymousId) ?? (id === userId ? null : id),
    userId,
    consent: grantedByCategory(context.consent),
    context: without(context, PLACED),
  };
}

function failed(status: number, failure: Failure): Decoded {
  return { writeKey: undefined, submissions: [], answer: json(status, failure) };
}

/** The protocol's words where it has some: of the others its SDKs look at the status. */
function refused(refusal: Refusal, { pathKey }: Call): Answer {
  const { status, message } = refusal;
  const failure: Failure = {
    ...(pathKey === "" ? {} : { key: pathKey }),
    errorCode: "PARSE_ERROR",
    errorDetails: message,
  };
  return status === 400
    ? json(400, failure)
    : json(status, refusalBody(refusal), retryAfter(refusal));
}
