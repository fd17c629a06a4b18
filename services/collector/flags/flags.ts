import { createHash } from "node:crypto";

import { pause } from "../pause.ts";
import type { DecidingFlag } from "./decide.ts";
import { loadRows, saveRows } from "./flag-file.ts";
import { flagsIn } from "./flag-row.ts";
import type { FlagRow } from "./flag-row.ts";

/** Arguments of {@link Flags.open}. */
export interface FlagsArgs {
  /** All rows of the table. */
  readonly read: () => Promise<readonly FlagRow[]>;

  /** Folder that survives the process, where the rows last read are kept. */
  readonly folder: string;

  /** Is told what the operator should know. */
  readonly onTrouble: (message: string, error: Error) => void;
}

/** All flags, as one was last able to read them. */
export interface FlagSet {
  /** By key, in its order. */
  readonly byKey: ReadonlyMap<string, DecidingFlag>;

  /** The same exactly for the same declarations, in each replica; safe in a header. */
  readonly revision: string;

  /** When they were first seen here, in milliseconds since 1970; no two of one process in the same second. */
  readonly since: number;
}

/** Who wants to know. */
export interface Watcher {
  /** They are others now. */
  changed(): void;
  /** They are followed no more. */
  ended(): void;
}

/** The flags in memory: what was last read from the database, also across a restart while it is down. */
export class Flags {
  readonly #args: FlagsArgs;
  readonly #watchers = new Set<Watcher>();
  #sayLooked: () => void = () => undefined;
  #current: FlagSet = setOf([], "", 0);
  /** Revision of the rows in the folder. */
  #kept = "";
  #isKeepingTold = false;

  private constructor(args: FlagsArgs) {
    this.#args = args;
  }

  /** Resolves when `follow` has read them for the first time, or failed to. */
  readonly looked = new Promise<void>((resolve) => {
    this.#sayLooked = resolve;
  });

  /** Opens them as they were last kept. */
  static async open(args: FlagsArgs): Promise<Flags> {
    const flags = new Flags(args);
    flags.#take(await loadRows(args.folder));
    flags.#kept = flags.#current.revision;
    return flags;
  }

  /** All of them now. */
  get current(): FlagSet {
    return this.#current;
  }

  /** Tells `watcher` what happens to them; returns what ends that. */
  watch(watcher: Watcher): () => void {
    this.#watchers.add(watcher);
    return () => void this.#watchers.delete(watcher);
  }

  /** Reads them anew. @throws Error of `read`; those before stay. */
  async refresh(): Promise<void> {
    const rows = await this.#args.read();
    if (revisionOf(rows) !== this.#current.revision) this.#take(rows);
    await this.#keep(rows);
  }

  /** Reads them every `everyMs` milliseconds, until `signal` says stop. */
  async follow(everyMs: number, signal: AbortSignal): Promise<void> {
    let isTold = false;
    while (!signal.aborted) {
      try {
        await this.refresh();
        isTold = false;
      } catch (error) {
        // Once is enough, until it worked again.
        if (!isTold) {
          this.#args.onTrouble("cannot read flags, the last known are served", error as Error);
        }
        isTold = true;
      }
      this.#sayLooked();
      await pause(everyMs, signal);
    }
    for (const watcher of this.#watchers) watcher.ended();
  }

  /** Saves what is served already: a disk that takes nothing must not keep alive what was stopped. */
  async #keep(rows: readonly FlagRow[]): Promise<void> {
    const { revision } = this.#current;
    if (revision === this.#kept) return;
    try {
      await saveRows(this.#args.folder, rows);
      this.#kept = revision;
      this.#isKeepingTold = false;
    } catch (error) {
      // Once is enough, until it worked again.
      if (!this.#isKeepingTold) {
        const what = "cannot keep flags, a restart without the database would serve older ones";
        this.#args.onTrouble(what, error as Error);
      }
      this.#isKeepingTold = true;
    }
  }

  #take(rows: readonly FlagRow[]): void {
    const { flags, wrong } = flagsIn(rows);
    for (const { key, version, reason } of wrong) {
      this.#args.onTrouble(
        `flag ${JSON.stringify(key)} of version ${version} is set aside, declare it anew`,
        new Error(reason),
      );
    }
    this.#current = setOf(
      flags,
      revisionOf(rows),
      Math.max(Date.now(), this.#current.since + 1_000),
    );
    for (const watcher of this.#watchers) watcher.changed();
  }
}

function setOf(flags: readonly DecidingFlag[], revision: string, since: number): FlagSet {
  return { byKey: new Map(flags.map((flag) => [flag.flag.key, flag])), revision, since };
}

function revisionOf(rows: readonly FlagRow[]): string {
  return createHash("sha256").update(JSON.stringify(rows)).digest("hex").slice(0, 32);
}
