import { readFileSync } from "node:fs";
import { join } from "node:path";
import { statePath } from "../../local/paths.ts";
import { writeWhole } from "../../local/write-whole.ts";

/** A fault that is injected, or about to be. */
export interface Entry {
  readonly alert: string;
  /** What its healing has to know. */
  readonly state: unknown;
}

/** The faults that a stack has at the moment, in a file: who comes after a killed drill heals them. */
export class Journal {
  readonly path: string;
  #entries: readonly Entry[];

  /** @throws Error if the file is not what a drill writes. */
  constructor(stack: string, folder = join(statePath, "stacks")) {
    this.path = join(folder, stack, "drill.json");
    this.#entries = read(this.path);
  }

  /** In the order of their injection. */
  get entries(): readonly Entry[] {
    return this.#entries;
  }

  /** Resolves when the entry is on the disk. */
  async add(entry: Entry): Promise<void> {
    this.#entries = [...this.#entries, entry];
    await this.#write();
  }

  async remove(alert: string): Promise<void> {
    this.#entries = this.#entries.filter((entry) => entry.alert !== alert);
    await this.#write();
  }

  // One after the other, so that the last one written is the newest.
  #write(): Promise<void> {
    this.#written = this.#written
      .catch(() => undefined)
      .then(() => writeWhole(this.path, `${JSON.stringify({ faults: this.#entries })}\n`));
    return this.#written;
  }
  #written = Promise.resolve();
}

function read(path: string): readonly Entry[] {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
  try {
    return (JSON.parse(text) as { faults: readonly Entry[] }).faults;
  } catch (error) {
    throw new Error(
      `${path} must be what a drill has written, got ${JSON.stringify(text.slice(0, 100))}; set right by hand what it broke, then remove the file`,
      { cause: error },
    );
  }
}
