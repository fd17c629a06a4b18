import { PLAIN_STACK } from "./plain-stack.ts";
import { pulumi, removeStack, succeeded } from "./stack.ts";

/**
 * Before the first test and after the last: the stack that several files share goes. Before, it is one that an interrupted run left, whose
 * database knows of that run.
 */
export default async function removePlainStack(): Promise<void> {
  const stacks = JSON.parse(succeeded(await pulumi(["stack", "ls", "--json"]))) as {
    name: string;
  }[];
  if (stacks.some(({ name }) => name === PLAIN_STACK)) await removeStack(PLAIN_STACK);
}
