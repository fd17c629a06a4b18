import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseDocument, type Document } from "yaml";
import { clonePath } from "../../local/paths.ts";
import { writeWhole } from "../write-whole.ts";

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
