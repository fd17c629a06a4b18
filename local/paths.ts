import { homedir } from "node:os";
import { join, resolve } from "node:path";

/** Root of this clone. */
export const clonePath = resolve(import.meta.dirname, "..");

/** Machine state: backend, PKI, volumes, logs. Survives clones and restarts; one per machine. */
export const statePath = join(
  process.env.XDG_STATE_HOME || join(homedir(), ".local", "state"),
  "marketing-stack",
);

/** What can be made again: toolchain artifacts, build caches. Shared by all clones. */
export const cachePath = join(
  process.env.XDG_CACHE_HOME || join(homedir(), ".cache"),
  "marketing-stack",
);
