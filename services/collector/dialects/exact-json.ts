/** Digits of an integer that a number may not hold exactly. */
const LONG = 16;

const [MINUS, ZERO, NINE] = [0x2d, 0x30, 0x39];

/** What stands before a value in JSON, and behind it. */
const BEFORE = new Set<number | undefined>([..."[:, \t\r\n"].map((sign) => sign.charCodeAt(0)));
const BEHIND = new Set<number | undefined>([..."]}, \t\r\n"].map((sign) => sign.charCodeAt(0)));

/** `JSON.parse`, with what TypeScript does not know yet. */
const parse = JSON.parse as (
  text: string,
  reviver: (key: string, value: unknown, context: { readonly source?: string }) => unknown,
) => unknown;

/**
 * What a JSON text says. An integer beyond what a number holds exactly is a text: it may be an id, and another one when rounded.
 *
 * @param json in UTF-8.
 * @throws SyntaxError if it is no JSON.
 */
export function exactJson(json: Buffer): unknown {
  const text = json.toString();
  // To ask for each value takes several times as long.
  if (!mayHaveLongInteger(json)) return JSON.parse(text);
  try {
    return parse(text, exact);
  } catch (error) {
    // It nests too deep for that, and for any event.
    if (error instanceof RangeError) return JSON.parse(text);
    throw error;
  }
}

function exact(_key: string, value: unknown, { source }: { readonly source?: string }): unknown {
  return typeof value === "number" && !Number.isSafeInteger(value) && /^-?\d+$/.test(source!)
    ? source
    : value;
}

/** Whether digits in JSON look like a long integer, which may be in a text. */
function mayHaveLongInteger(json: Buffer): boolean {
  // Of so many digits in a row, one is met by steps of as many bytes.
  for (let at = 0; at < json.length; at += LONG) {
    if (!isDigit(json[at])) continue;
    let start = at;
    while (isDigit(json[start - 1])) start -= 1;
    while (isDigit(json[at])) at += 1;
    if (at - start < LONG) continue;
    const before = json[start - 1] === MINUS ? start - 2 : start - 1;
    if ((before < 0 || BEFORE.has(json[before])) && (at === json.length || BEHIND.has(json[at])))
      return true;
  }
  return false;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO! && byte <= NINE!;
}
