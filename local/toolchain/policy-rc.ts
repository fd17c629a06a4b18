import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";

/** Asked by every package that wants to start its service; 101 forbids it (Debian's invoke-rc.d). */
const POLICY = "/usr/sbin/policy-rc.d";

const MARK = "# Written by marketing-stack while it installs packages; safe to remove.";

/**
 * Runs `work` while packages that are installed do not start their services.
 *
 * A policy that the machine has is left as it is. Call {@link removeLeftPolicy} first where a run may have been killed.
 */
export async function keepServicesStopped<T>(work: () => Promise<T>, path = POLICY): Promise<T> {
  if (existsSync(path)) return work();
  writeFileSync(`${path}.new`, `#!/bin/sh\n${MARK}\nexit 101\n`, { mode: 0o755 });
  renameSync(`${path}.new`, path);
  try {
    return await work();
  } finally {
    rmSync(path);
  }
}

/** Whether a killed run of ours left its policy. */
export function isPolicyLeft(path = POLICY): boolean {
  return existsSync(path) && readFileSync(path, "utf8").includes(MARK);
}

/** Removes the policy that a killed run of ours left, and only that. */
export function removeLeftPolicy(path = POLICY): void {
  if (isPolicyLeft(path)) rmSync(path);
}
