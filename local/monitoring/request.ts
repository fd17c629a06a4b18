import type protobuf from "protobufjs";
import { badRequest, invalidArgument, type FieldViolation } from "./api-error.ts";
import { readMessage } from "./protos/read-message.ts";
import { fieldNamed, type Message } from "./protos/schema.ts";
import type { Route } from "./routes.ts";

/** Deepest nesting of a body: deeper ones are refused, not followed. */
const MAX_DEPTH = 100;

/** Query parameters that every method of every Google API takes; none changes what is done. */
const systemParameters =
  /^\$?(alt|prettyPrint|key|access_token|oauth_token|quotaUser|uploadType|upload_protocol|\.xgafv|callback)$/;

/**
 * The request message of a call: what the path, the query and the body say, read strictly.
 *
 * @param variables values of the route's variables, still percent-encoded.
 * @param body text of the body; "" is none.
 * @throws ApiError with every field that is wrong.
 */
export function readRequest(
  route: Route,
  variables: readonly string[],
  query: URLSearchParams,
  body: string,
): Message {
  const violations: FieldViolation[] = [];
  const json: Message = {};
  for (const [name, value] of query) {
    if (systemParameters.test(name)) continue;
    bind(route.request, name, value, json, violations);
  }
  if (route.body) json[route.body] = parseBody(body);
  route.variables.forEach((variable, index) => {
    put(json, variable.split("."), decode(variables[index]!));
  });
  const request = readMessage(route.request, json, "", violations);
  if (violations.length > 0) throw badRequest(violations);
  return request;
}

function bind(
  type: protobuf.Type,
  name: string,
  text: string,
  json: Message,
  violations: FieldViolation[],
): void {
  const field = fieldNamed(type, name);
  if (!field) {
    const description = `Invalid JSON payload received. Unknown name "${name}": Cannot bind query parameter. Field '${name}' could not be found in request message.`;
    violations.push({ field: "", description });
    return;
  }
  const value = field.type === "bool" && /^(true|false)$/i.test(text) ? /^t/i.test(text) : text;
  json[field.name] = field.repeated ? [...((json[field.name] as unknown[]) ?? []), value] : value;
}

function parseBody(body: string): unknown {
  if (body.trim() === "") return {};
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    // The parser's own message would quote the body, which may hold a channel's secret.
    throw invalidArgument("Invalid JSON payload received. Parsing terminated before end of input.");
  }
  if (isDeeperThan(MAX_DEPTH, json)) {
    throw invalidArgument("Message too deep. Max recursion depth reached.");
  }
  return json;
}

function isDeeperThan(most: number, json: unknown): boolean {
  let level = [json];
  for (let depth = 0; depth <= most && level.length > 0; depth++) {
    level = level.flatMap((value) =>
      typeof value === "object" && value ? Object.values(value) : [],
    );
  }
  return level.length > 0;
}

function put(json: Message, [name = "", ...rest]: readonly string[], value: string): void {
  if (rest.length === 0) {
    json[name] = value;
    return;
  }
  const inner = json[name];
  if (typeof inner === "object" && inner !== null && !Array.isArray(inner))
    put(inner as Message, rest, value);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalidArgument(`Invalid path: ${text} is not percent-encoded UTF-8.`);
  }
}
