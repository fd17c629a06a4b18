// The program's entry: bundles the TypeScript on load, so that plain `pulumi up` never runs something stale.
// Types are checked by `npm run check`, not on every preview.
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { traceOnlyErrorsThatSaySomething } from "./traces.js";

traceOnlyErrorsThatSaySomething();

const stacks = fileURLToPath(new URL(".", import.meta.url));
// Inside the clone, so that the bundle finds node_modules.
const cache = join(stacks, "..", "node_modules", ".cache");
mkdirSync(cache, { recursive: true });
const folder = mkdtempSync(join(cache, "program-"));
const outfile = join(folder, "program.mjs");
let program;
try {
  await build({
    entryPoints: [join(stacks, "index.ts")],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node22",
    packages: "external",
    sourcemap: "inline",
    // Reads the map while the bundle is there: errors of later are mapped by what is remembered of it.
    banner: { js: 'new Error("mapped").stack;' },
    logLevel: "silent",
  });
  process.setSourceMapsEnabled(true);
  program = await import(pathToFileURL(outfile).href);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

export default program.outputs;
