import type { Call, Dialect, Endpoint } from "./dialects/dialect.ts";

/** An endpoint that a request may be meant for. */
export interface Route {
  readonly dialect: Dialect;
  readonly endpoint: Endpoint;
}

/** The endpoints at a path. */
export interface Place {
  readonly routes: readonly Route[];
  /** What stands for `:key` in the path; empty if the path has none. */
  readonly pathKey: string;
}

/** Finds the endpoints of a request among those of all dialects. */
export class Router {
  readonly #exact = new Map<string, Route[]>();
  readonly #patterns = new Map<string, { readonly pattern: RegExp; readonly routes: Route[] }>();

  /** @throws Error if several endpoints have a method and path, and not all but one of them say what they claim. */
  constructor(dialects: readonly Dialect[]) {
    for (const dialect of dialects) {
      for (const endpoint of dialect.endpoints) {
        const routes = this.#routesAt(endpoint.path);
        const { method, path } = endpoint;
        if (endpoint.claims === undefined && routes.some((route) => takesAll(route, method))) {
          throw new Error(
            `endpoint must claim some of what comes to a path it shares, got two that claim all of ${method} ${path}`,
          );
        }
        routes.push({ dialect, endpoint });
      }
    }
  }

  /** The endpoints at a path without query; undefined if there are none. */
  find(path: string): Place | undefined {
    const name = withoutSlash(path);
    const exact = this.#exact.get(name);
    if (exact) return { routes: exact, pathKey: "" };
    for (const { pattern, routes } of this.#patterns.values()) {
      const pathKey = pattern.exec(name)?.[1];
      if (pathKey !== undefined) return { routes, pathKey };
    }
    return undefined;
  }

  #routesAt(path: string): Route[] {
    const name = withoutSlash(path);
    if (!name.includes("/:key")) {
      const routes = this.#exact.get(name) ?? [];
      this.#exact.set(name, routes);
      return routes;
    }
    const source = name.replaceAll(".", "\\.").replace(":key", "([A-Za-z0-9_-]{1,128})");
    const place = this.#patterns.get(name) ?? { pattern: new RegExp(`^${source}$`), routes: [] };
    this.#patterns.set(name, place);
    return place.routes;
  }
}

/** Of several routes: that of the endpoint that claims the call, else of the one that claims nothing. */
export function claimant(routes: readonly [Route, ...Route[]], call: Call): Route {
  return (
    routes.find(({ endpoint }) => endpoint.claims?.(call)) ??
    routes.find(({ endpoint }) => endpoint.claims === undefined) ??
    routes[0]
  );
}

function takesAll({ endpoint }: Route, method: string): boolean {
  return endpoint.method === method && endpoint.claims === undefined;
}

function withoutSlash(path: string): string {
  return path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path;
}
