import { readFileSync } from "node:fs";

/**
 * Content of a file of JSON.
 *
 * @throws Error naming the file if it is none.
 */
export function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new Error(`${path} must be JSON, got: ${(error as Error).message}`, { cause: error });
  }
}
