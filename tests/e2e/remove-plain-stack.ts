import { existsSync } from "node:fs";
import { join } from "node:path";
import { clone } from "./command.ts";
import { PLAIN_STACK } from "./plain-stack.ts";
import { removeStack } from "./stack.ts";

/** After the last test: the stack that several files share goes. */
export default async function removePlainStack(): Promise<void> {
  if (existsSync(join(clone, `Pulumi.${PLAIN_STACK}.yaml`))) await removeStack(PLAIN_STACK);
}
