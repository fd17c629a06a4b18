const JSON_START = /^\s*[[{]/;

/**
 * The JSON text in the field `data` of a form or query, as it is or in base64; undefined if there is no such field,
 * as in what is no form but JSON.
 *
 * Some SDKs do not escape the base64: `+` in it stands for itself, in JSON for a space. Nothing is checked; what is wrong is
 * no JSON.
 */
export function dataField(form: string): Buffer | undefined {
  const field = escapedField(form, "data");
  if (field === undefined) return undefined;
  const value = unescaped(field);
  return JSON_START.test(value)
    ? Buffer.from(unescaped(field.replaceAll("+", " ")))
    : Buffer.from(value, "base64");
}

/** A field of a form or query, as it is there; undefined if there is no such field, as in what is no form but JSON. */
export function escapedField(form: string, name: string): string | undefined {
  if (JSON_START.test(form)) return undefined;
  return new RegExp(`(?:^|&)${name}=([^&]*)`).exec(form)?.[1];
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
