import { isUtf8 } from "node:buffer";

import { MalformedBody } from "./dialect.ts";
import { exactJson } from "./exact-json.ts";
import { isFields } from "./fields.ts";
import type { Fields } from "./fields.ts";

/**
 * So many values a body may have: more than the largest batch of any SDK, and few enough that to parse them takes neither the
 * memory nor the time of all others.
 */
const MAX_VALUES = 300_000;

const COMMA = 0x2c;
const OPEN_ARRAY = 0x5b;
const OPEN_OBJECT = 0x7b;

/**
 * The text of a body.
 *
 * @throws MalformedBody if it is not UTF-8.
 */
export function textBody(body: Buffer): string {
  checkUtf8(body);
  return body.toString();
}

function checkUtf8(body: Buffer): void {
  if (!isUtf8(body)) throw new MalformedBody("body must be UTF-8");
}

/**
 * Counts what may stand before a value in JSON, in texts too.
 *
 * @throws MalformedBody if that is too often.
 */
export function checkValues(json: Buffer): void {
  if (json.length <= MAX_VALUES) return;
  let count = 0;
  for (const byte of json) {
    if (byte === COMMA || byte === OPEN_ARRAY || byte === OPEN_OBJECT) count += 1;
  }
  if (count > MAX_VALUES) {
    throw new MalformedBody(`body must have at most ${MAX_VALUES} values, got ${count}`);
  }
}

/**
 * The JSON value in a body, as {@link exactJson} has it, whatever its content type says.
 *
 * @throws MalformedBody if it is none, or of too many.
 */
export function jsonBody(body: Buffer): unknown {
  checkUtf8(body);
  checkValues(body);
  try {
    return exactJson(body);
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
