/** Shorter ids are looked for with their quotation marks: what they are made of is in every other text. */
const SHORT = 6;

/** What stands before and behind a number that is the value of a field in JSON. */
const BEFORE_NUMBER = [":", ": "];
const BEHIND_NUMBER = [",", "}", " ", "\r", "\n"];

/**
 * How an id stands in what was sent: in JSON, however its writer escapes; in a form, also as such JSON; in base64 of such JSON at
 * each of its three places. A short one only in quotation marks and not in base64; if it is a number, as a field's value too.
 */
export function needlesOf(id: string): Buffer[] {
  const isShort = id.length < SHORT;
  const inJson = jsonForms(id);
  const plain = isShort ? inJson.map((text) => `"${text}"`) : [id, ...inJson];
  const numbers = isShort && /^(0|[1-9]\d*)$/.test(id) ? asNumber(id) : [];
  const inBase64 = isShort ? [] : plain.flatMap(base64Forms);
  const texts = new Set([...plain, ...numbers, ...plain.flatMap(formForms), ...inBase64]);
  return [...texts].map((text) => Buffer.from(text));
}

/** A text within the quotation marks of JSON: as it is, or in ASCII as Python and PHP write it; with slashes escaped, as PHP does. */
function jsonForms(text: string): string[] {
  const json = JSON.stringify(text).slice(1, -1);
  const inAscii = json.replaceAll(
    /[^\0-\x7f]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  const inCapitals = inAscii.replaceAll(
    /\\u([\da-f]{4})/g,
    (_, digits: string) => `\\u${digits.toUpperCase()}`,
  );
  return [json, inAscii, inCapitals].flatMap((form) => [form, form.replaceAll("/", "\\/")]);
}

/** A text in a form or an address. */
function formForms(text: string): string[] {
  const encoded = encodeURIComponent(text);
  // Others than browsers escape these too.
  const strictly = encoded.replaceAll(/[!'()*]/g, percent);
  return [encodeURI(text), encoded, strictly].flatMap((form) =>
    [form, form.replaceAll(/%[\dA-F]{2}/g, (escape) => escape.toLowerCase())].flatMap((one) => [
      one,
      one.replaceAll("%20", "+"),
    ]),
  );
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

function asNumber(digits: string): string[] {
  return BEFORE_NUMBER.flatMap((before) =>
    BEHIND_NUMBER.map((behind) => `${before}${digits}${behind}`),
  );
}

/** A text in base64, with either alphabet, and as it is in a form. */
function base64Forms(text: string): string[] {
  const bytes = Buffer.from(text);
  return [0, 1, 2].flatMap((before) => {
    const whole = Buffer.concat([Buffer.alloc(before), bytes]).toString("base64");
    // Letters that bits of neighbours are in are not the id's alone.
    const [from, bits] = [[0, 2, 3][before]!, (before + bytes.length) * 8];
    const base64 = whole.slice(from, Math.floor(bits / 6));
    const forUrls = base64.replaceAll("+", "-").replaceAll("/", "_");
    return [base64, forUrls, ...formForms(base64)];
  });
}
