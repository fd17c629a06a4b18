import type { Dialect, Endpoint } from "./dialects/dialect.ts";

/** An endpoint that a request is meant for. */
export interface Route {
  readonly dialect: Dialect;
  readonly endpoint: Endpoint;
  /** What stands for `:key` in the path; empty if the path has none. */
  readonly key: string;
}

/** Finds the endpoint of a request among those of all dialects. */
export class Router {
  readonly #exact = new Map<string, Route>();
  readonly #patterns: { readonly pattern: RegExp; readonly route: Route }[] = [];

  /** @throws Error if two dialects claim one path. */
  constructor(dialects: readonly Dialect[]) {
    for (const dialect of dialects) {
      for (const endpoint of dialect.endpoints) {
        const { path } = endpoint;
        const route = { dialect, endpoint, key: "" };
        if (path.includes("/:key/")) {
          const pattern = new RegExp(`^${path.replace(":key", "([A-Za-z0-9_-]{1,128})")}$`);
          this.#patterns.push({ pattern, route });
        } else if (this.#exact.has(path)) {
          throw new Error(`path must belong to one dialect, got ${path} twice`);
        } else {
          this.#exact.set(path, route);
        }
      }
    }
  }

  /** The route of a path without query; undefined if there is none. */
  find(path: string): Route | undefined {
    const exact = this.#exact.get(path);
    if (exact) return exact;
    for (const { pattern, route } of this.#patterns) {
      const key = pattern.exec(path)?.[1];
      if (key !== undefined) return { ...route, key };
    }
    return undefined;
  }
}
