import { npmInputs } from "./npm-inputs.ts";
import { propertyTrees } from "./property-trees.ts";
import { wrongInputs, type PropertyTree } from "./provider-inputs.ts";

/** One resource as a program registered it: `<parent type>$<type>::<name>` and its inputs. */
interface Registration {
  readonly path: string;
  readonly inputs: Record<string, unknown>;
}

/** One of a plugin's two builds, by the inputs that it takes. */
interface Build {
  readonly name: string;
  readonly trees: ReadonlyMap<string, PropertyTree>;
}

/**
 * What a program passes to the docker and gcp providers and one of their two builds, the published one or ours, would
 * refuse or drop; empty if the program means the same to both.
 */
export function registrationDrift(registrations: readonly Registration[]): string[] {
  return (["docker", "gcp"] as const).flatMap((plugin) => {
    const used = registrations.filter(({ path }) => pluginOf(tokenOf(path)) === plugin);
    if (used.length === 0) return [];
    const tokens = [...new Set(used.map(({ path }) => tokenOf(path)))];
    const builds: Build[] = [
      { name: "published", trees: npmInputs(plugin, tokens) },
      { name: "our", trees: propertyTrees(plugin).trees },
    ];
    return used.flatMap(({ path, inputs }) =>
      builds.flatMap(({ name, trees }) => {
        const tree = trees.get(tokenOf(path));
        if (!tree) return [`${name} build: ${tokenOf(path)} must be a resource of it, got none`];
        const given = tokenOf(path).startsWith("pulumi:providers:") ? parsed(inputs) : inputs;
        return wrongInputs(given, tree, path).map((wrong) => `${name} build: ${wrong}`);
      }),
    );
  });
}

function tokenOf(path: string): string {
  return path.split("::")[0]!.split("$").pop()!;
}

function pluginOf(token: string): string {
  return token.replace("pulumi:providers:", "").split(":")[0]!;
}

/** The SDK passes a provider's own settings as JSON text unless they are text. */
function parsed(inputs: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [
      name,
      isJson(value) ? JSON.parse(value) : value,
    ]),
  );
}

function isJson(value: unknown): value is string {
  return typeof value === "string" && /^(\[|\{|true$|false$|\d+$)/.test(value);
}
