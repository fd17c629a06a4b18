import type { IncomingHttpHeaders } from "node:http";

import type { Draft } from "./dialects/dialect.ts";
import { isFields } from "./dialects/fields.ts";

/** The property of `navigator` by which a page reads the signal, and by which senders pass it on. */
const FIELD = "globalPrivacyControl";

/**
 * Whether a person forbids that their data is sold or shared for advertising (W3C, Global Privacy Control): the browser
 * says so in its request, or the event in `globalPrivacyControl` of its context, its properties or an object of those.
 */
export function isOptedOut(headers: IncomingHttpHeaders, draft: Draft): boolean {
  return isOptedOutBy(headers) || saysSo(draft.context) || saysSo(draft.properties);
}

/** Whether the browser says so, see {@link isOptedOut}; what stands between may have written it more than once. */
export function isOptedOutBy(headers: IncomingHttpHeaders): boolean {
  const { "sec-gpc": said } = headers;
  return said !== undefined && !/^[0,\s]*$/.test(String(said));
}

function saysSo(fields: Draft["context"]): boolean {
  return isSet(fields) || Object.values(fields).some(isSet);
}

/** Anything but a clear no is a yes. */
function isSet(value: unknown): boolean {
  if (!isFields(value) || !(FIELD in value)) return false;
  return ![false, null, 0, "0", "false"].includes(value[FIELD] as boolean);
}
