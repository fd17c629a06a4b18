/** The example of IAB Europe's specification, with vendors and a segment of its own. */
const EXAMPLE =
  "COvFyGBOvFyGBAbAAAENAPCAAOAAAAAAAAAAAEEUACCKAAA.IFoEUQQgAIQwgIwQABAEAAAAOIAACAIAAAAQAIAgEAACEAAAAAgAQBAAAAAAAGBAAgAAAAAAAFAAECAAAgAAQARAEQAAAAAJAAIAAgAAAYQEAAAQmAgBC3ZAYzUw";

/** A TC string that consents to these purposes (1-24) and no other. */
export function tcStringOf(purposes: readonly number[]): string {
  const [core, ...segments] = EXAMPLE.split(".") as [string, ...string[]];
  const bytes = Buffer.from(core, "base64url");
  const bits = purposes.reduce((sum, purpose) => sum + 2 ** (24 - purpose), 0);
  bytes.writeUIntBE(bits, 152 / 8, 3);
  return [bytes.toString("base64url"), ...segments].join(".");
}
