import { createHash } from "node:crypto";

import { json } from "../answer.ts";
import type { Answer } from "../answer.ts";
import type { Call } from "./dialect.ts";
import { isFields, textOf } from "./fields.ts";
import type { Fields } from "./fields.ts";
import { objectBody } from "./json-body.ts";

/** Seconds for which the web SDK may keep who somebody is. */
const MAX_AGE_SECONDS = 86_400;

/** Both names of the id of a customer. */
const CUSTOMER = ["customerid", "customer_id"];

/** Identities that name a person and no device, the most certain first. */
const PERSONAL = [...CUSTOMER, "email"].concat(
  ["mobile_number", "phone_number_2", "phone_number_3"],
  ["facebook", "google", "microsoft", "twitter", "yahoo", "facebookcustomaudienceid"],
  ["other", ...Array.from({ length: 9 }, (_, index) => `other${index + 2}`)],
);

/** Settings of the web SDK: no kits to load, events in batches. */
export function settingsPage(_: Call, writeKey: string): Answer {
  return json(200, {
    appName: writeKey,
    kitConfigs: [],
    pixelConfigs: [],
    flags: { eventsV3: "100", eventBatchingIntervalMillis: "2000" },
    workspaceToken: writeKey,
  });
}

/** Who somebody is: the same id for the same person, or else as before, or else for the same device. Events wait for it. */
export function identityPage(call: Call, writeKey: string): Answer {
  const { known_identities, previous_mpid } = bodyOf(call);
  return personPage(writeKey, known_identities, textOf(previous_mpid));
}

/** Who is there when a person has left: not the one before, whose attributes and consent the SDK keeps by id. */
export function logoutPage(call: Call, writeKey: string): Answer {
  return personPage(writeKey, bodyOf(call).known_identities, null);
}

function personPage(writeKey: string, identities: unknown, previous: string | null): Answer {
  const known = isFields(identities) ? identities : {};
  const [person] = PERSONAL.flatMap((type) => {
    const id = textOf(known[type]);
    return id === null ? [] : [{ type: CUSTOMER.includes(type) ? "customer" : type, id }];
  });
  return json(
    200,
    {
      mpid:
        person === undefined
          ? (previous ?? mpidOf(writeKey, "device", textOf(known.device_application_stamp) ?? ""))
          : mpidOf(writeKey, person.type, person.id),
      context: null,
      matched_identities: known,
      is_ephemeral: false,
      is_logged_in: person !== undefined,
    },
    { "x-mp-max-age": String(MAX_AGE_SECONDS) },
  );
}

/** Says that identities are changed; they are in the events that follow. */
export function modifyPage(call: Call): Answer {
  const { identity_changes: changes } = bodyOf(call);
  return json(200, {
    change_results: (Array.isArray(changes) ? changes : []).filter(isFields).map((change) => ({
      identity_type: change.identity_type ?? null,
      modified_mpid: call.pathKey,
    })),
  });
}

/** Something else than an object says nothing. */
function bodyOf({ body }: Call): Fields {
  try {
    return objectBody(body);
  } catch {
    return {};
  }
}

/** An id as mParticle has them: a positive number of 63 bits, as text. */
function mpidOf(...parts: string[]): string {
  const digest = createHash("sha256").update(JSON.stringify(parts)).digest();
  return String(digest.readBigUInt64BE() >> 1n);
}
