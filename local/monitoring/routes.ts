import type protobuf from "protobufjs";
import { schema, type Message } from "./protos/schema.ts";
import type { Method, Resource } from "./resources/resource.ts";

/** One HTTP route of the API. */
export interface Route {
  /** The method as gRPC calls it, e.g. `/google.monitoring.v3.GroupService/GetGroup`. */
  readonly rpc: string;
  readonly verb: string;
  /** Path of the protos' `google.api.http` option, e.g. `/v3/{name=projects/*}/groups`. */
  readonly template: string;
  readonly path: RegExp;
  /** Request field that each group of `path` fills, as a dotted path. */
  readonly variables: readonly string[];
  /** Request field that the body fills; none for a method without a body. */
  readonly body: string | undefined;
  readonly request: protobuf.Type;
  readonly response: protobuf.Type;
  readonly method: Method;
}

/**
 * Routes of the resources, as the `google.api.http` options of their services lay them out.
 *
 * @throws Error if a resource serves a method that its service does not have.
 */
export function routesOf(resources: readonly Resource[]): Route[] {
  return resources.flatMap(({ service, methods }) =>
    Object.entries(methods).map(([name, method]) => {
      const declared = schema.lookupService(service).methods[name];
      if (!declared)
        throw new Error(`${service} must have the method it serves, got ${JSON.stringify(name)}`);
      declared.resolve();
      return routeOf(declared, method);
    }),
  );
}

function routeOf(declared: protobuf.Method, method: Method): Route {
  const options = (declared.parsedOptions as Message[]).find(
    (option) => "(google.api.http)" in option,
  );
  const { body, ...verbs } = options!["(google.api.http)"] as Record<string, string>;
  const [verb, template] = Object.entries(verbs)[0]!;
  const variables: string[] = [];
  const path = template.replace(
    /\{([^=}]+)=([^}]+)\}|[.:]/g,
    (text, variable?: string, pattern = "") => {
      if (variable === undefined) return `\\${text}`;
      variables.push(variable);
      return `(${(pattern as string).replace(/\*\*?/g, (star) => (star === "*" ? "[^/]+" : ".+"))})`;
    },
  );
  return {
    rpc: `/${declared.parent!.fullName.slice(1)}/${declared.name}`,
    verb: verb.toUpperCase(),
    template,
    path: new RegExp(`^${path}$`),
    variables,
    body,
    request: declared.resolvedRequestType!,
    response: declared.resolvedResponseType!,
    method,
  };
}
