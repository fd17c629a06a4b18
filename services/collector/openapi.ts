import type { Dialect } from "./dialects/dialect.ts";

const ERROR = { $ref: "#/components/schemas/Error" };

const answers = (description: string, schema: object) => ({
  description,
  content: { "application/json": { schema } },
});

/** The collector's own endpoints, by path: what the cluster, Prometheus and people ask for. */
const OWN = {
  "/healthz/live": {
    get: {
      summary: "Whether the process works",
      responses: { 200: answers("It does.", status("live")) },
    },
  },
  "/healthz/ready": {
    get: {
      summary:
        "Whether it takes events: the disk works, the spool has room, and it is not stopping",
      responses: {
        200: answers("It does.", status("ready")),
        503: answers("It does not; the message says why.", ERROR),
      },
    },
  },
  "/metrics": {
    get: {
      summary: "Everything that is counted",
      responses: {
        200: {
          description: "The text format of Prometheus.",
          content: { "text/plain": { schema: { type: "string" } } },
        },
      },
    },
  },
  "/openapi.json": {
    get: {
      summary: "This description",
      responses: { 200: answers("OpenAPI 3.1.", { type: "object" }) },
    },
  },
  "/openapi": {
    get: {
      summary: "The same as a page for people",
      responses: {
        200: { description: "HTML.", content: { "text/html": { schema: { type: "string" } } } },
      },
    },
  },
} as const;

/** What is described: the parts of OpenAPI 3.1 that are written here. */
export interface Description {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  /** Operations by path, then by method. */
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: object;
}

/** What one endpoint does. */
export interface Operation {
  /** Protocols that it belongs to. @default - the collector's own */
  readonly tags?: readonly string[];
  readonly summary: string;
  readonly parameters?: readonly object[];
  readonly responses: Readonly<Record<string, { readonly description: string }>>;
}

/** Paths of the collector's own endpoints. */
export const OWN_PATHS: ReadonlySet<string> = new Set(Object.keys(OWN));

/** What the collector answers at, in OpenAPI 3.1: its own endpoints, and where the SDKs of each dialect send. */
export function openApi(dialects: readonly Dialect[]): Description {
  const paths: Record<string, Record<string, Operation>> = { ...OWN };
  for (const { name, endpoints } of dialects) {
    for (const { kind, method, path } of endpoints) {
      const at = (paths[path.replace(":key", "{key}")] ??= {});
      const key = method.toLowerCase();
      at[key] = operation([...(at[key]?.tags ?? []), name], kind, path);
    }
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Collector",
      version: "1",
      description:
        "Its own endpoints, and the vendors' protocols that it speaks, each tagged by its name. What is in the body and the answer of those is as the vendor documents it.",
    },
    paths,
    components: { schemas: { Error: errorSchema } },
  };
}

function operation(tags: readonly string[], kind: "events" | "page", path: string): Operation {
  const key = { name: "key", in: "path", required: true, schema: { type: "string" } };
  return {
    tags,
    summary: kind === "events" ? "Takes events" : "What an SDK reads before it sends",
    ...(path.includes(":key") && { parameters: [key] }),
    responses: {
      "2XX": {
        description: kind === "events" ? "All of it is on stable storage." : "What was asked for.",
      },
      400: { description: "Nothing can be made of it; it is kept as a bad row." },
      401: { description: "The write key is none of a source." },
      403: { description: "The source may not use this protocol, or not from this page." },
      413: { description: "The body is too large; it is kept as a bad row." },
      429: { description: "More than the source may send; `Retry-After` says when it may." },
      503: { description: "Nothing can be kept now; `Retry-After` says when to try again." },
    },
  };
}

function status(value: string): object {
  return { type: "object", required: ["status"], properties: { status: { const: value } } };
}

const errorSchema = {
  type: "object",
  required: ["error"],
  properties: {
    error: {
      type: "object",
      required: ["code", "message", "requestId"],
      properties: {
        code: { type: "string" },
        message: { type: "string" },
        requestId: { type: "string", format: "uuid" },
      },
    },
  },
};
