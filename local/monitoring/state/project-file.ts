import { open, readFile, rename } from "node:fs/promises";
import { dirname } from "node:path";
import type { Message } from "../protos/schema.ts";

/** Messages of one kind by their names, oldest first. */
export type Collection = Record<string, Message>;

/** Everything in one project, by kind (`alertPolicies`, `notificationChannels`, …). */
export type Collections = Record<string, Collection>;

const VERSION = 1;

/**
 * Reads what {@link writeProject} wrote.
 *
 * @throws Error saying what is wrong with the file, if it is not such a file.
 */
export async function readProject(path: string): Promise<Collections> {
  const content: unknown = JSON.parse(await readFile(path, "utf8"));
  const { version, collections } = (content ?? {}) as { version?: unknown; collections?: unknown };
  if (version !== VERSION)
    throw new Error(`version must be ${VERSION}, got ${JSON.stringify(version)}`);
  if (!isObject(collections) || !Object.values(collections).every(isCollection)) {
    throw new Error("collections must be an object of objects of messages");
  }
  return collections as Collections;
}

/**
 * Replaces the file at `path` in one step: after a power-off it holds the old content or the new.
 *
 * Readable by its owner only, because channels hold secrets.
 */
export async function writeProject(path: string, collections: Collections): Promise<void> {
  const temporary = `${path}.tmp`;
  const file = await open(temporary, "w", 0o600);
  try {
    await file.writeFile(`${JSON.stringify({ version: VERSION, collections }, null, 1)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
  await syncFolder(dirname(path));
}

/** Makes renames and removals in a folder last. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function isCollection(value: unknown): boolean {
  return isObject(value) && Object.values(value).every(isObject);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
