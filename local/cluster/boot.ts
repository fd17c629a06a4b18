import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { unmountAll } from "./leftovers.ts";
import { runPath } from "./plan.ts";

const bootPath = join(runPath, "boot-id");

/** Whether the platform was started since this machine was: then its rules, links and sockets may still be there. */
export async function bootIsCurrent(): Promise<boolean> {
  return (await readFile(bootPath, "utf8").catch(() => "")) === (await bootId());
}

/** Remembers this boot; what is left of an earlier one is removed first. */
export async function markBoot(): Promise<void> {
  if (await bootIsCurrent()) return;
  await unmountAll(runPath);
  await rm(runPath, { recursive: true, force: true });
  await mkdir(runPath, { recursive: true, mode: 0o700 });
  await writeFile(bootPath, await bootId(), { mode: 0o600 });
}

async function bootId(): Promise<string> {
  return readFile("/proc/sys/kernel/random/boot_id", "utf8");
}
