import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";

/** What must not be found anywhere, by what it is. */
export type Canaries = Readonly<Record<string, string>>;

/** Secrets of a configuration that nobody else has, by what they are. */
export function plantedSecrets(seed: string) {
  const random = (name: string): string =>
    createHash("sha256").update(`${seed} ${name}`).digest("base64url").slice(0, 32);
  return {
    webhook: `https://chat.invalid/${random("webhook")}`,
    token: `${random("token")}/+?&=%"`,
    inner: random("inner"),
    lines: `-----BEGIN KEY-----\n${random("line 1")}${random("line 2")}\n-----END KEY-----`,
  };
}

/** What is commonly made of a secret. */
export const derived = {
  base64: (secret: string): string => Buffer.from(secret).toString("base64"),
  sha256: (secret: string): string => createHash("sha256").update(secret).digest("hex"),
  /** Enough of the digest to test guesses. */
  prefix: (secret: string): string =>
    createHash("sha256").update(secret).digest("hex").slice(0, 12),
  url: (secret: string): string => encodeURIComponent(secret),
  json: (secret: string): string => JSON.stringify(secret).slice(1, -1),
};

/** Which canary is in which text, as `<canary> in <place>`. */
export function found(canaries: Canaries, place: string, content: string | Buffer): string[] {
  const bytes = Buffer.from(content);
  return Object.entries(canaries)
    .filter(([, canary]) => bytes.includes(canary))
    .map(([name]) => `${name} in ${place}`);
}

/** {@link found} in every file below a folder, unpacked where it is packed, and in its name. */
export function foundBelow(canaries: Canaries, folder: string, since = 0): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => statSync(path).mtimeMs >= since)
    .flatMap((path) => found(canaries, path, Buffer.concat([Buffer.from(path), unpacked(path)])));
}

function unpacked(path: string): Buffer {
  const content = readFileSync(path);
  const isPacked = content[0] === 0x1f && content[1] === 0x8b;
  return isPacked ? gunzipSync(content) : content;
}
