// The pack's entry: bundles the TypeScript on load, as stacks/entry.js does for the program. The engine loads a pack by
// require, so this waits for nothing.
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { buildSync } from "esbuild";

const folder = import.meta.dirname;
// Inside the clone, so that the bundle finds node_modules.
const cache = join(folder, "..", "node_modules", ".cache");
mkdirSync(cache, { recursive: true });
const bundle = mkdtempSync(join(cache, "policy-"));
const outfile = join(bundle, "policy.cjs");
try {
  buildSync({
    entryPoints: [join(folder, "index.ts")],
    outfile,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node22",
    packages: "external",
    logLevel: "silent",
  });
  createRequire(import.meta.url)(outfile);
} finally {
  rmSync(bundle, { recursive: true, force: true });
}
