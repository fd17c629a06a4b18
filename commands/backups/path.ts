import { join } from "node:path";
import { statePath } from "../../local/paths.ts";

/** Folder of a stack's backups and of who was erased after them. */
export function backupsPath(stack: string): string {
  return join(statePath, "stacks", stack, "backups");
}
