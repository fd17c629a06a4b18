import { isUtf8 } from "node:buffer";

import { MalformedBody } from "./dialect.ts";
import { isFields } from "./fields.ts";
import type { Fields } from "./fields.ts";

/**
 * The text of a body.
 *
 * @throws MalformedBody if it is not UTF-8.
 */
export function textBody(body: Buffer): string {
  if (!isUtf8(body)) throw new MalformedBody("body must be UTF-8");
  return body.toString();
}

/**
 * The JSON value in a body, whatever its content type says.
 *
 * @throws MalformedBody if it is none.
 */
export function jsonBody(body: Buffer): unknown {
  const text = textBody(body);
  try {
    return JSON.parse(text);
  } catch {
    throw new MalformedBody("body must be JSON");
  }
}

/**
 * The JSON object in a body.
 *
 * @throws MalformedBody if it is none.
 */
export function objectBody(body: Buffer): Fields {
  const value = jsonBody(body);
  if (!isFields(value)) throw new MalformedBody("body must be a JSON object");
  return value;
}
