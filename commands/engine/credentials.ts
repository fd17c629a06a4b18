import { join } from "node:path";
import { statePath } from "../../local/paths.ts";
import { writeWhole } from "../../local/write-whole.ts";
import type { StackOutputs } from "./outputs.ts";

/** File with the CMS admin's login and the collector's write keys of a stack; readable by its owner only. */
export function credentialsFile(stack: string): string {
  return join(statePath, "stacks", stack, "credentials.json");
}

/** Writes {@link credentialsFile} and returns its path. */
export async function writeCredentials(stack: string, outputs: StackOutputs): Promise<string> {
  const path = credentialsFile(stack);
  const content = {
    admin: { email: outputs.adminEmail, password: outputs.adminPassword },
    writeKeys: outputs.writeKeys,
  };
  await writeWhole(path, `${JSON.stringify(content, null, 2)}\n`, 0o600);
  return path;
}
