import { spawn } from "node:child_process";
import { readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { parse, stringify } from "yaml";
import { statePath } from "../../local/paths.ts";
import { waitFor } from "../../local/wait.ts";
import { clone, npmRun } from "../e2e/command.ts";
import { pulumi, succeeded } from "../e2e/stack.ts";
import { seeded } from "./random.ts";
import { differences } from "./stack-check.ts";

/** Longest time, in milliseconds, that an engine may live after it has begun. */
const LONGEST_LIFE = 8000;

/** What is under way when the engine is killed. */
type Kind = "create alerts" | "change configuration" | "destroy";

/** What one kill hit, for the report. */
export interface Kill {
  readonly kind: Kind;
  /** How long the engine lived after it had begun, in milliseconds. */
  readonly lived: number;
  /** False if it ended by itself before. */
  readonly hit: boolean;
}

/**
 * Kills the engine of a deployed stack with SIGKILL in the middle of an update, brings the stack up again by the one
 * documented command, and compares state, cluster and alerts; `count` times.
 *
 * @throws Error with the differences, seed and kill, if the stack is not as declared afterwards.
 */
export async function killUpdates(stack: string, count: number, seed: number): Promise<Kill[]> {
  const random = seeded(seed);
  const kills: Kill[] = [];
  for (let index = 0; index < count; index += 1) {
    const kind = kindOf(random());
    const lived = Math.floor(random() * LONGEST_LIFE);
    await prepare(stack, kind, random);
    const hit = await killedAfter(stack, kind, lived);
    kills.push({ kind, lived, hit });
    process.stderr.write(`kill ${index + 1}: ${kind}, ${hit ? `after ${lived} ms` : "too late"}\n`);
    const up = await npmRun("up", ["--stack", stack]);
    const what = `seed ${seed}, kill ${index + 1} (${kind} after ${lived} ms)`;
    if (up.code !== 0) throw new Error(`${what}: up must finish it, got ${up.stderr.slice(-3000)}`);
    const found = await differences(stack);
    if (found.length > 0) throw new Error(`${what}: nothing must differ, got\n${found.join("\n")}`);
  }
  return kills;
}

function kindOf(number: number): Kind {
  if (number < 0.1) return "destroy";
  return number < 0.55 ? "create alerts" : "change configuration";
}

/** Makes something to do for the update that is killed. */
async function prepare(stack: string, kind: Kind, random: () => number): Promise<void> {
  if (kind === "create alerts") {
    const group = `urn:pulumi:${stack}::marketing-stack::marketing-stack:infra:AlertPolicies::alerts`;
    const target = ["--target", group, "--target-dependents"];
    succeeded(await pulumi(["destroy", "--yes", "--skip-preview", "--stack", stack, ...target]));
  }
  if (kind === "change configuration") {
    const path = join(clone, `Pulumi.${stack}.yaml`);
    const content = parse(readFileSync(path, "utf8")) as { config: Record<string, unknown> };
    const some = Math.floor(random() * 1000);
    content.config["marketing-stack:notificationEmail"] = `oncall-${some}@example.com`;
    content.config["marketing-stack:sources"] = ["website", `shop-${some}`];
    content.config["marketing-stack:workerReplicas"] = 1 + (some % 2);
    writeFileSync(path, stringify(content));
  }
}

/** Starts the update and kills all its processes once the engine has lived so long; false if it ended before. */
async function killedAfter(stack: string, kind: Kind, lived: number): Promise<boolean> {
  const log = join(statePath, "stacks", stack, "up.log");
  rmSync(log, { force: true });
  const [program, args]: [string, string[]] =
    kind === "destroy"
      ? ["pulumi", ["destroy", "--yes", "--skip-preview", "--stack", stack, "--non-interactive"]]
      : [process.execPath, [join(clone, "commands", "run.js"), "up", "--stack", stack]];
  // A process group of its own, which is killed as a whole.
  const child = spawn(program, args, { cwd: clone, detached: true, stdio: "ignore" });
  const ended = new Promise<void>((resolve) => child.on("exit", () => resolve()));
  if (kind !== "destroy") {
    await waitFor("the engine to begin", 120, async () =>
      child.exitCode !== null || isWritten(log) ? true : undefined,
    );
  }
  // The point at which it is killed is the fault itself.
  await Promise.race([delay(lived), ended]);
  const hit = child.exitCode === null;
  if (hit) process.kill(-child.pid!, "SIGKILL");
  await ended;
  return hit;
}

function isWritten(path: string): boolean {
  return (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > 0;
}
