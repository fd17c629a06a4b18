import { open, readFile, rename } from "node:fs/promises";
import { join } from "node:path";

import type { FlagRow } from "./flag-row.ts";

const NAME = "flags.json";

/** The rows last saved in `folder`; none if there are none or they are not readable. */
export async function loadRows(folder: string): Promise<FlagRow[]> {
  try {
    const rows = JSON.parse(await readFile(join(folder, NAME), "utf8")) as FlagRow[];
    return Array.isArray(rows) ? rows : [];
  } catch {
    // Not there yet, or cut short by a power failure: the database has them.
    return [];
  }
}

/** Saves rows; a crash leaves those before or these. */
export async function saveRows(folder: string, rows: readonly FlagRow[]): Promise<void> {
  const next = join(folder, `${NAME}.next`);
  const file = await open(next, "w", 0o600);
  try {
    await file.writeFile(JSON.stringify(rows));
    await file.datasync();
  } finally {
    await file.close();
  }
  await rename(next, join(folder, NAME));
}
