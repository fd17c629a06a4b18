/**
 * The JSON text in the field `data` of a form or query, as it is or in base64; undefined if there is no such field.
 *
 * Some SDKs do not escape the base64: `+` in it stands for itself. Nothing is checked; what is wrong is no JSON.
 */
export function dataField(form: string): Buffer | undefined {
  const field = /(?:^|&)data=([^&]*)/.exec(form)?.[1];
  if (field === undefined) return undefined;
  const value = unescaped(field);
  return /^\s*[[{]/.test(value) ? Buffer.from(value) : Buffer.from(value, "base64");
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
