import type { Call, Dialect, Endpoint } from "./dialects/dialect.ts";

/** An endpoint that a request may be meant for. */
export interface Route {
  readonly dialect: Dialect;
  readonly endpoint: Endpoint;
}

/** Several endpoints of one path and method, mostly one. */
export type Routes = readonly [Route, ...Route[]];

/** The endpoints at a path. */
export interface Place {
  /** By method. */
  readonly methods: ReadonlyMap<string, Routes>;
  /** What stands for `:key` in the path; empty if the path has none. */
  readonly pathKey: string;
}

/** What comes to a path, by method. */
type Methods = Map<string, [Route, ...Route[]]>;

/** Finds the endpoints of a request among those of all dialects. */
export class Router {
  readonly #exact = new Map<string, Methods>();
  readonly #patterns = new Map<string, { readonly pattern: RegExp; readonly methods: Methods }>();

  /** @throws Error if several endpoints have a method and path, and not all but one of them say what they claim. */
  constructor(dialects: readonly Dialect[]) {
    for (const dialect of dialects) {
      for (const endpoint of dialect.endpoints) this.#add({ dialect, endpoint });
    }
  }

  /** The endpoints at a path without query; undefined if there are none. */
  find(path: string): Place | undefined {
    const name = withoutSlash(path);
    const methods = this.#exact.get(name);
    if (methods) return { methods, pathKey: "" };
    for (const { pattern, methods } of this.#patterns.values()) {
      const pathKey = pattern.exec(name)?.[1];
      if (pathKey !== undefined) return { methods, pathKey };
    }
    return undefined;
  }

  #add(route: Route): void {
    const { method, path, claims } = route.endpoint;
    const methods = this.#methodsAt(path);
    const there = methods.get(method);
    if (there === undefined) {
      methods.set(method, [route]);
      return;
    }
    if (claims === undefined && there.some(({ endpoint }) => endpoint.claims === undefined)) {
      throw new Error(
        `endpoint must claim some of what comes to a path it shares, got two that claim all of ${method} ${path}`,
      );
    }
    there.push(route);
  }

  #methodsAt(path: string): Methods {
    const name = withoutSlash(path);
    if (!name.includes("/:key")) {
      const methods = this.#exact.get(name) ?? (new Map() as Methods);
      this.#exact.set(name, methods);
      return methods;
    }
    const source = name.replaceAll(".", "\\.").replace(":key", "([A-Za-z0-9_-]{1,128})");
    const place = this.#patterns.get(name) ?? {
      pattern: new RegExp(`^${source}$`),
      methods: new Map() as Methods,
    };
    this.#patterns.set(name, place);
    return place.methods;
  }
}

/** Of several routes: that of the endpoint that claims the call, else of the one that claims nothing. */
export function claimant(routes: Routes, call: Call): Route {
  if (routes.length === 1) return routes[0];
  return (
    routes.find(({ endpoint }) => endpoint.claims?.(call)) ??
    routes.find(({ endpoint }) => endpoint.claims === undefined) ??
    routes[0]
  );
}

function withoutSlash(path: string): string {
  return path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path;
}
