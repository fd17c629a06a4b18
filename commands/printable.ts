/**
 * A text of which no character is an order to the terminal, whoever wrote it: what is not seen is shown as JSON escapes it. Ends of
 * lines stay.
 */
export function printable(text: string): string {
  return text.replace(
    /(?!\n)[\p{Cc}\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** A text on one line, so that none in it passes for one of ours. */
export function oneLine(text: string): string {
  return text.replaceAll("\n", "\\n");
}
