import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { statePath } from "../paths.ts";
import type { ToolName } from "./pins.ts";
import type { PluginKind } from "./plugin-kind.ts";
import type { Tier, Toolchain } from "./toolchain.ts";

/** Plugins whose published build and ours keep a resource differently in the state. */
const watched = ["pulumi-resource-docker", "pulumi-resource-gcp"] as const satisfies ToolName[];

/** Which plugins made a stack; `toolchain.json` beside it. */
interface Provenance {
  readonly version: 1;
  readonly plugins: Readonly<Record<string, { readonly kind: PluginKind; readonly tier: Tier }>>;
}

/** File that remembers which plugins made `stack`. */
export function provenancePath(stack: string): string {
  return join(statePath, "stacks", stack, "toolchain.json");
}

/**
 * Remembers beside `stack` whose docker and gcp plugins work on it: call it before each update.
 *
 * Whether a build of ours came from a mirror may change; published plugins and ours never follow each other in one
 * state.
 *
 * @throws Error if the stack was made with the other kind; the file stays as it was.
 */
export function recordProvenance(stack: string, toolchain: Toolchain): void {
  const path = provenancePath(stack);
  const former = readProvenance(path);
  const plugins: Record<string, { kind: PluginKind; tier: Tier }> = {};
  for (const name of watched) {
    const { kind, tier, path: binary } = toolchain.tools[name]!;
    const before = former?.plugins[name];
    if (before && before.kind !== kind) {
      const remedy =
        before.kind === "bridged"
          ? `remove that one from the plugin cache, so that ours is used`
          : `install the published one again with "pulumi plugin install"`;
      throw new Error(
        `${name} of stack ${stack} must be the ${before.kind} build, which made its state, got the ${kind} one (${binary}); ${remedy}, or destroy the stack with the former and remove ${path}`,
      );
    }
    plugins[name] = { kind: kind!, tier };
  }
  mkdirSync(join(path, ".."), { recursive: true, mode: 0o700 });
  const content: Provenance = { version: 1, plugins };
  writeFileSync(`${path}.${process.pid}`, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${path}.${process.pid}`, path);
}

function readProvenance(path: string): Provenance | undefined {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  return JSON.parse(text) as Provenance;
}
