import { routesOf } from "../../local/monitoring/routes.ts";
import { resources } from "../../local/monitoring/resources/all.ts";
import type { Exchange } from "./exchange.ts";

/** A call as it goes over HTTP. */
export interface HttpCall {
  readonly method: string;
  /** Without a scheme: host, path and query. */
  readonly url: string;
  readonly body: unknown;
}

/**
 * The HTTP form of a recorded call: its own, or of a gRPC call the one that its method's `google.api.http` option lays
 * out.
 */
export function httpForm({ call, request }: Exchange): HttpCall {
  const [method = "", target = ""] = call.split(" ");
  if (method !== "GRPC") return { method, url: target.replace(/^https?:\/\//, ""), body: request };
  const route = routesOf(resources).find(({ rpc }) => rpc === target);
  if (!route) return { method, url: target, body: request };
  const fields = { ...(request as Record<string, unknown>) };
  const path = route.template.replace(/\{([^=}]+)=[^}]+\}/g, (_, variable: string) => {
    const value = variable
      .split(".")
      .reduce<unknown>(
        (inner, name) => (inner as Record<string, unknown>)[camelCase(name)],
        fields,
      );
    Reflect.deleteProperty(fields, variable);
    return String(value);
  });
  const field = camelCase(route.body ?? "");
  const body = fields[field];
  Reflect.deleteProperty(fields, field);
  const query = new URLSearchParams(
    Object.entries(fields).map(([name, value]): [string, string] => [name, String(value)]),
  );
  return {
    method: route.verb,
    url: `monitoring.googleapis.com${path}${query.size > 0 ? `?${query}` : ""}`,
    body,
  };
}

function camelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
