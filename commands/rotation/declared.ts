import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import type { Generations } from "../../infra/generated-secret.ts";
import { clonePath } from "../../local/paths.ts";
import type { SourceRules } from "../../services/contract/source-rules.ts";
import { changeStackFile, readStackFile } from "../engine/stack-file.ts";

/** What the file of a stack declares about its sources and secrets; the program checks it. */
export interface Declared {
  readonly sources: readonly string[];
  /** What they may do, by name. */
  readonly sourceRules: Readonly<Record<string, SourceRules>>;
  readonly generations: Generations;
}

/**
 * Reads {@link Declared} from `Pulumi.<stack>.yaml`, or from the defaults of `Pulumi.yaml`.
 *
 * @throws Error naming the file if there is none.
 */
export async function readDeclared(stack: string): Promise<Declared> {
  const { config = {} } = ((await readStackFile(stack)).toJS() ?? {}) as {
    config?: Record<string, unknown>;
  };
  const project = parse(await readFile(join(clonePath, "Pulumi.yaml"), "utf8")) as {
    config: Record<string, { default: unknown }>;
  };
  const value = (key: string): unknown =>
    config[`marketing-stack:${key}`] ?? project.config[key]!.default;
  return {
    sources: value("sources") as readonly string[],
    sourceRules: value("sourceRules") as Declared["sourceRules"],
    generations: value("generations") as Generations,
  };
}

/** Declares `generations` in `Pulumi.<stack>.yaml`; those of other secrets stay as they are. */
export async function declareGenerations(stack: string, generations: Generations): Promise<void> {
  await changeStackFile(stack, (document) => {
    for (const [name, list] of Object.entries(generations)) {
      document.setIn(
        ["config", "marketing-stack:generations", name],
        document.createNode(list, { flow: true }),
      );
    }
  });
}
