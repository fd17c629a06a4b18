import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

// Imported before all that reads the path of the machine's state, so that a test has a state of its own.
process.env.XDG_STATE_HOME = mkdtempSync(join(tmpdir(), "state-"));

/** Folder of the state of one test file. */
export const ownState = join(process.env.XDG_STATE_HOME, "marketing-stack");

afterAll(() => rmSync(join(ownState, ".."), { recursive: true, force: true }));
