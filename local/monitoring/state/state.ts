import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { ApiError, notFound } from "../api-error.ts";
import {
  readProject,
  syncFolder,
  writeProject,
  type Collection,
  type Collections,
} from "./project-file.ts";
import { projectIn, projectNumber } from "./project-name.ts";

/** One Google Cloud project, as a request sees it. */
export interface Project {
  readonly id: string;
  /** Messages of one kind by name; adding to it or taking from it counts inside {@link State.change} only. */
  collection(kind: string): Collection;
}

/** A file that could not be read, and where it lies now. */
export interface SetAside {
  readonly path: string;
  readonly reason: string;
}

/**
 * All projects: in memory, and one file each on disk.
 *
 * A project exists as soon as it is named; its file exists while there is something in it.
 */
export class State {
  /** Files that were not what this program writes; each was renamed, none was overwritten. */
  readonly setAside: readonly SetAside[];
  readonly #folder: string;
  readonly #projects: Map<string, Collections>;
  /** End of the last change of each project: changes of one project happen one after the other. */
  readonly #changes = new Map<string, Promise<unknown>>();

  readonly #listeners: (() => void)[] = [];

  private constructor(folder: string, projects: Map<string, Collections>, setAside: SetAside[]) {
    this.#folder = folder;
    this.#projects = projects;
    this.setAside = setAside;
  }

  /** Opens the state in `folder`, which is made if it is not there. */
  static async open(folder: string): Promise<State> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const projects = new Map<string, Collections>();
    const setAside: SetAside[] = [];
    for (const file of (await readdir(folder)).filter((name) => name.endsWith(".json"))) {
      const path = join(folder, file);
      try {
        projects.set(file.slice(0, -".json".length), await readProject(path));
      } catch (error) {
        const moved = `${path}.unreadable-${Date.now()}`;
        await rename(path, moved);
        setAside.push({ path: moved, reason: (error as Error).message });
      }
    }
    return new State(folder, projects, setAside);
  }

  /** The project that `name` is or lies in, to read from. */
  read(name: string): Project {
    const id = this.#idOf(name);
    return view(id, { ...this.#projects.get(id) });
  }

  /**
   * Lets `edit` change the project that `name` is or lies in; what it did is on disk when this resolves.
   *
   * If `edit` throws, nothing has changed.
   *
   * @throws ApiError if the file cannot be written (a full disk); nothing has changed then either.
   */
  change<T>(name: string, edit: (project: Project) => Promise<T>): Promise<T> {
    const id = this.#idOf(name);
    const change = async (): Promise<T> => {
      const draft = structuredClone(this.#projects.get(id) ?? {});
      const result = await edit(view(id, draft));
      await this.#store(id, draft);
      return result;
    };
    const done = (this.#changes.get(id) ?? Promise.resolve()).then(change);
    this.#changes.set(
      id,
      done.catch(() => undefined),
    );
    return done;
  }

  /** Every project that has something in it, to read from. */
  projects(): Project[] {
    return [...this.#projects].map(([id, collections]) => view(id, { ...collections }));
  }

  /** Calls `listener` after each change. */
  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** How many messages of each kind there are in all projects. */
  counts(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const project of this.#projects.values()) {
      for (const [kind, collection] of Object.entries(project)) {
        counts[kind] = (counts[kind] ?? 0) + Object.keys(collection).length;
      }
    }
    return counts;
  }

  async #store(id: string, draft: Collections): Promise<void> {
    const path = join(this.#folder, `${id}.json`);
    const kept = Object.entries(draft).filter(
      ([, collection]) => Object.keys(collection).length > 0,
    );
    const collections = Object.fromEntries(kept);
    try {
      if (kept.length > 0) {
        await writeProject(path, collections);
      } else {
        await rm(path, { force: true });
        await syncFolder(this.#folder);
      }
    } catch (error) {
      throw new ApiError(
        "UNAVAILABLE",
        `The state could not be written: ${(error as Error).message}`,
      );
    }
    if (kept.length > 0) this.#projects.set(id, collections);
    else this.#projects.delete(id);
    for (const listener of this.#listeners) listener();
  }

  #idOf(name: string): string {
    const project = projectIn(name);
    if (!/^\d+$/.test(project)) return project;
    const id = [...this.#projects.keys()].find((known) => projectNumber(known) === project);
    if (!id) throw notFound();
    return id;
  }
}

function view(id: string, collections: Collections): Project {
  return {
    id,
    collection: (kind) => (collections[kind] ??= {}),
  };
}
