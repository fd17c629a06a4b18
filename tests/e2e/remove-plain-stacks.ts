import { PLAIN_STACKS } from "./plain-stack.ts";
import { pulumi, removeStack, succeeded } from "./stack.ts";

/**
 * Before the first test and after the last: the stacks that several files share go. Before, they are those that an interrupted run left,
 * whose databases know of that run.
 */
export default async function removePlainStacks(): Promise<void> {
  const stacks = JSON.parse(succeeded(await pulumi(["stack", "ls", "--json"]))) as {
    name: string;
  }[];
  const plain = stacks.filter(({ name }) => PLAIN_STACKS.test(name));
  await Promise.all(plain.map(({ name }) => removeStack(name)));
}
