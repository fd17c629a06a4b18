import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder of this test file's own; XDG folders lie in it, so import this module before anything of `local/`. */
export const scratch = mkdtempSync(join(tmpdir(), "toolchain-"));

process.env.XDG_CACHE_HOME = join(scratch, "cache");
process.env.XDG_STATE_HOME = join(scratch, "state");

afterAll(() => rmSync(scratch, { recursive: true, force: true }));
