/** Shortest secret that is looked for: a shorter one would be found in what is none. */
const LEAST = 6;

/** Shortest line of a secret of several lines that is looked for by itself. */
const LEAST_LINE = 20;

/**
 * Takes secrets out of texts: each one as it is, its longer lines, and either in base64, in JSON and in a URL.
 *
 * Secrets of less than 6 characters stay: they would be found everywhere.
 */
export function redactor(secrets: readonly string[]): (text: string) => string {
  const lines = secrets.flatMap((secret) =>
    secret.split("\n").filter((line) => line.trim().length >= LEAST_LINE),
  );
  const forms = [...new Set([...secrets, ...lines.map((line) => line.trim())])]
    .filter((secret) => secret.length >= LEAST)
    .flatMap(formsOf);
  // A secret may hold another one: the longer first.
  const ordered = [...new Set(forms)].sort((a, b) => b.length - a.length);
  return (text) => ordered.reduce((rest, form) => rest.replaceAll(form, "[secret]"), text);
}

function formsOf(text: string): string[] {
  // As a file has it: half a character is none there.
  const secret = Buffer.from(text).toString();
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret),
    encodeURI(secret),
    ...base64Forms(secret),
  ];
}

/** The secret in base64, as it looks after 0, 1 or 2 other bytes; what depends on its neighbours is left out. */
function base64Forms(secret: string): string[] {
  return [0, 1, 2].flatMap((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(secret)]);
    const whole = bytes.subarray(0, bytes.length - (bytes.length % 3));
    const from = Math.ceil((before * 8) / 6);
    return [whole.toString("base64").slice(from), whole.toString("base64url").slice(from)];
  });
}
