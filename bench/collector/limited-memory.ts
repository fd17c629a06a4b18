import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { rmdir } from "node:fs/promises";
import { join } from "node:path";

import { waitFor } from "../../local/wait.ts";

/** Processes that may use only so much memory, files in the page cache included, as those of a container. */
export interface MemoryGroup {
  /** File that a process is written to, by its id, to become one of them. */
  readonly members: string;
  /** Takes the limit away, once all of them have ended. */
  remove(): Promise<void>;
}

/**
 * Makes a control group, of version 1 or 2. What writes more than fits gets pages of its own back and no others, as in a pod: on a
 * virtual machine, pages that were never touched may take the host several microseconds each.
 *
 * @throws Error if this user may not.
 */
export function limitedMemory(name: string, bytes: number): MemoryGroup {
  const first = "/sys/fs/cgroup/memory";
  const isFirst = existsSync(first);
  const folder = join(isFirst ? first : "/sys/fs/cgroup", name);
  mkdirSync(folder);
  writeFileSync(join(folder, isFirst ? "memory.limit_in_bytes" : "memory.max"), String(bytes));
  return {
    members: join(folder, "cgroup.procs"),
    remove: () =>
      waitFor("all processes of a control group to end", 10, () =>
        rmdir(folder).then(
          () => true,
          () => undefined,
        ),
      ).then(() => undefined),
  };
}
