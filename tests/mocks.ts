import * as pulumi from "@pulumi/pulumi";
import { standIns } from "../commands/mocks/stand-ins.ts";

/** One resource as a program registered it with the engine. */
export interface Registration {
  /** `<parent type>$<type>::<name>`: the URN without stack and project. */
  readonly path: string;
  readonly inputs: Record<string, unknown>;
}

/** What the SDK asks the engine for: the part of it that tests read besides. */
export interface RegistrationRequest {
  getType(): string;
  getName(): string;
  getProtect(): boolean;
  getRetainondelete(): boolean;
}

/** Key by which the SDK marks a secret in a resource's inputs. */
const SECRET = "4dabf18193072939515e22adb298388d";

/**
 * Runs `program` against Pulumi mocks and returns all it registered, sorted by path.
 *
 * @param onRequest gets each request before it is answered
 * @throws Error if two resources share a URN (mocks alone accept that; the engine does not).
 */
export async function registrationsOf(
  program: () => unknown,
  stack = "dev",
  onRequest?: (request: RegistrationRequest) => void,
): Promise<Registration[]> {
  const registered: pulumi.runtime.MockResourceArgs[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: (args) => {
        registered.push(args);
        return { id: `${args.name}-id`, state: { ...args.inputs, ...standIns(args) } };
      },
      call: ({ token }) => {
        throw new Error(`no mock for provider function ${token}`);
      },
    },
    "marketing-stack",
    stack,
  );
  const monitor = pulumi.runtime.getMonitor() as unknown as {
    resources: Map<string, unknown>;
    registerResource(request: RegistrationRequest, answer: unknown): Promise<void>;
  };
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, answer) => {
    onRequest?.(request);
    return register(request, answer);
  };

  program();
  await pulumi.runtime.disconnect();

  const paths = [...monitor.resources.keys()].map((urn) => urn.split("::").slice(2).join("::"));
  if (paths.length !== registered.length) {
    throw new Error(
      `${registered.length} resources share ${paths.length} URNs: ${paths.join(", ")}`,
    );
  }
  const used = new Set<string>();
  return registered
    .map(({ type, name, inputs }) => {
      // The map fills in another order than the mocks are called in.
      const path = paths.find(
        (path) => !used.has(path) && path.split("$").pop() === `${type}::${name}`,
      )!;
      used.add(path);
      return { path, inputs };
    })
    .sort((a, b) => a.path.localeCompare(b.path));
}

/** How a secret input looks on its way to the engine. */
export function secret(value: unknown): unknown {
  return { [SECRET]: "1b47061264138c4ac30d75fd1eb44270", value };
}

/** Every string in `value` that is not inside a secret. */
export function plainStrings(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (value === null || typeof value !== "object" || SECRET in value) return [];
  return Object.values(value).flatMap(plainStrings);
}
