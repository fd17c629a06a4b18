import { spawn } from "node:child_process";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { readLock } from "../../stacks/release-lock.ts";
import { readRelease } from "../../stacks/releases.ts";
import { clone } from "../e2e/command.ts";
import { withFilesOf } from "../e2e/in-place.ts";
import type { RolledStack } from "../e2e/rolled-stack.ts";
import { kubectl, succeeded } from "../e2e/stack.ts";
import { seeded } from "./random.ts";

/** Longest life of a killed command, in milliseconds: about as long as it takes. */
const LONGEST_LIFE = { release: 1500, promote: 700, up: 60_000, rollback: 30_000 } as const;

type Command = keyof typeof LONGEST_LIFE;

/**
 * Kills `release`, `promote`, the roll-out of `up` and `rollback` of a stack with SIGKILL at random points, runs the same command
 * again, and looks whether the stack runs exactly what its lock names, and answered and stored all that came meanwhile; `count` times.
 *
 * @param releases sealed ones, of which the stack runs one; two or more.
 * @returns how many commands were hit before they ended by themselves.
 * @throws Error with seed and kill if a lock is half-written, the second run fails, something else runs than is promised, or a
 *   visitor got no answer.
 */
export async function killReleaseCommands(
  stack: RolledStack,
  releases: readonly string[],
  { count, seed }: { count: number; seed: number },
): Promise<number> {
  const random = seeded(seed);
  const folder = join(stack.copy.path, "releases");
  const locked = () => readLock(stack.name, folder)!;
  let hits = 0;
  for (let index = 1; index <= count; index += 1) {
    const before = locked();
    const possible: Command[] = ["release", "promote", "up"];
    if (before.verified.length > 0) possible.push("rollback");
    const command = possible[Math.floor(random() * possible.length)]!;
    const lived = Math.floor(random() * LONGEST_LIFE[command]);
    const others = releases.filter((id) => id !== before.release);
    const other = others[Math.floor(random() * others.length)]!;
    const what = `seed ${seed}, kill ${index} (${command} after ${lived} ms)`;
    try {
      if (command === "up") succeeded(await stack.run("promote", [other, stack.name]));
      const args = {
        release: ["--stack", stack.built],
        promote: [other, stack.name],
        up: ["--stack", stack.name],
        rollback: [stack.name],
      }[command];
      const { isHit, problems } = await stack.underTraffic(`Kill ${index}`, async () => {
        const isHit = await killedAfter(stack, command, args, lived);
        process.stderr.write(
          `kill ${index}: ${command}, ${isHit ? `after ${lived} ms` : "too late"}\n`,
        );
        for (const id of releases) readRelease(id, folder);
        const promised = promisedBy(command, before, other);
        if (![before.release, promised].includes(locked().release)) {
          throw new Error(
            `the lock must name ${before.release} or ${promised}, got ${locked().release}`,
          );
        }
        // A rollback that came to its end must not be run once more: that would go back further.
        if (isHit || command !== "rollback") succeeded(await stack.run(command, args));
        if (command === "promote") succeeded(await stack.run("up", ["--stack", stack.name]));
        await mustRun(stack, promised);
        return { isHit };
      });
      if (problems.length > 0) throw new Error(problems.join("; "));
      if (isHit) hits += 1;
    } catch (error) {
      throw new Error(`${what}: ${(error as Error).message}`, { cause: error });
    }
  }
  return hits;
}

/** Release that a stack is to run when a command has come to its end. */
function promisedBy(
  command: Command,
  before: { release: string; verified: readonly string[] },
  other: string,
): string {
  if (command === "release") return before.release;
  return command === "rollback" ? before.verified.at(-1)! : other;
}

async function killedAfter(
  stack: RolledStack,
  command: string,
  args: readonly string[],
  lived: number,
): Promise<boolean> {
  // A process group of its own, which is killed as a whole.
  const npmRun = [process.execPath, join(clone, "commands/run.js"), command, ...args];
  const inPlace = withFilesOf(stack.copy.path, npmRun);
  const child = spawn(inPlace.program, inPlace.args, { detached: true, stdio: "ignore" });
  const ended = new Promise<void>((resolve) => child.on("exit", () => resolve()));
  // The point at which it is killed is the fault itself.
  await Promise.race([delay(lived), ended]);
  const isHit = child.exitCode === null;
  if (isHit) process.kill(-child.pid!, "SIGKILL");
  await ended;
  return isHit;
}

/** Fails unless lock, collector and worker are those of a release. */
async function mustRun(stack: RolledStack, id: string): Promise<void> {
  const folder = join(stack.copy.path, "releases");
  const { images } = readRelease(id, folder);
  const text = await kubectl(
    `--namespace=${stack.name}`,
    "get",
    "pods",
    "--selector=app.kubernetes.io/name in (collector, worker)",
    "--field-selector=status.phase=Running",
    "--output=jsonpath={.items[*].spec.containers[*].image}",
  );
  const digests = (refs: readonly string[]): string[] =>
    [...new Set(refs.map((image) => image.split("@")[1]!))].sort();
  const expected = digests([images.collector!, images.worker!]);
  const found = digests(text.split(" "));
  const locked = readLock(stack.name, folder)!.release;
  if (locked !== id || expected.join() !== found.join()) {
    throw new Error(
      `${stack.name} must run ${id} (${expected.join(", ")}), got lock ${locked} and ${found.join(", ")}`,
    );
  }
}
