import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseDocument, type Document } from "yaml";
import { clonePath, statePath } from "../../local/paths.ts";
import { withLock } from "../../local/toolchain/lock.ts";
import { writeWhole } from "../../local/write-whole.ts";

/**
 * `Pulumi.<stack>.yaml` as a document that keeps its comments.
 *
 * @throws Error naming the file if there is none.
 */
export async function readStackFile(stack: string): Promise<Document> {
  const file = `Pulumi.${stack}.yaml`;
  const text = await readFile(join(clonePath, file), "utf8").catch(() => {
    throw new Error(
      `stack ${stack} must have a configuration, found no ${file}; copy Pulumi.dev.yaml and give it a portBase of its own`,
    );
  });
  return parseDocument(text);
}

/** Writes a document back to `Pulumi.<stack>.yaml` in one step. */
export async function writeStackFile(stack: string, document: Document): Promise<void> {
  await writeWhole(join(clonePath, `Pulumi.${stack}.yaml`), document.toString());
}

/**
 * Changes `Pulumi.<stack>.yaml` in one step, while no other command changes one.
 *
 * @throws whatever `change` throws; the file stays as it was then.
 */
export async function changeStackFile(
  stack: string,
  change: (document: Document) => void | Promise<void>,
): Promise<void> {
  await holdingStackFiles(async () => {
    const document = await readStackFile(stack);
    await change(document);
    await writeStackFile(stack, document);
  });
}

/** Runs `work` while no other command of this machine changes the configuration of a stack. */
export function holdingStackFiles<T>(work: () => Promise<T>): Promise<T> {
  const tell = (): void =>
    void process.stderr.write("… another command changes the configuration of a stack\n");
  return withLock(join(statePath, "stack-files.lock"), tell, work);
}
