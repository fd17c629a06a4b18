import { createReadStream } from "node:fs";

/** Whose build a resource plugin is: its vendor's, or one of our recipes. */
export type PluginKind = "published" | "bridged";

/** Go writes a binary's module into it; our recipes' modules begin so (`recipes/<name>/go.mod`). */
const OUR_MODULES = Buffer.from("example.invalid/tools/");

/** Reads a plugin's binary to say whose build it is: one of ours may have been installed by hand. */
export async function pluginKind(path: string): Promise<PluginKind> {
  let tail = Buffer.alloc(0);
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    const part = Buffer.concat([tail, chunk as Buffer]);
    if (part.includes(OUR_MODULES)) return "bridged";
    tail = part.subarray(-OUR_MODULES.length);
  }
  return "published";
}
