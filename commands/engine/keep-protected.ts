import { registeredBy } from "../mocks/program.ts";
import { undeclared } from "../mocks/undeclared.ts";
import type { StateResource } from "./state.ts";

/**
 * Checks, before anything is touched, that the program still declares every protected resource of a stack.
 *
 * The engine refuses to delete one too, but only at the end of an update: by then a renamed database has taken over the
 * objects of the former one.
 *
 * @param deployed what the stack has deployed.
 * @param folder of the program.
 * @throws Error naming what the program declares no longer.
 */
export async function requireProtectedDeclared(
  stack: string,
  deployed: readonly StateResource[],
  folder: string,
): Promise<void> {
  if (!deployed.some(({ protect }) => protect)) return;
  // A program that does not run has the engine's message, with the lines of its source.
  const registered = await registeredBy({ folder, stack, machine: "this" }).catch(() => undefined);
  if (!registered) return;
  const gone = undeclared(deployed, registered).filter(({ protect }) => protect);
  if (gone.length === 0) return;
  const names = gone.map(({ type, urn }) => `${type} ${urn.split("::").slice(3).join("::")}`);
  throw new Error(
    `stack ${stack} must keep what is protected, but its program does not declare ${names.join(", ")} any longer; nothing was changed. Give it its former name or an alias, or, if its data may go: npm run pulumi -- state unprotect '${gone[0]!.urn}' --stack ${stack}`,
  );
}
