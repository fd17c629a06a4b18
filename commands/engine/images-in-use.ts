import { pulumiOutput } from "./pulumi.ts";

interface Exported {
  readonly deployment: {
    readonly resources?: readonly {
      readonly type: string;
      readonly inputs?: { readonly name?: unknown };
    }[];
  };
}

/**
 * References of all images that a stack of the backend names.
 *
 * @throws Error if a stack's state cannot be read: an image is never taken for unused because of that.
 */
export async function imagesInUse(environment: Record<string, string>): Promise<Set<string>> {
  const stacks = JSON.parse(await pulumiOutput(["stack", "ls", "--json"], environment)) as {
    name: string;
  }[];
  const states = await Promise.all(
    stacks.map(
      async ({ name }) =>
        JSON.parse(
          await pulumiOutput(["stack", "export", "--stack", name], environment),
        ) as Exported,
    ),
  );
  const names = states
    .flatMap((state) => state.deployment.resources ?? [])
    .filter((resource) => resource.type === "docker:index/registryImage:RegistryImage")
    .map((resource) => resource.inputs?.name);
  return new Set(names.filter((name) => typeof name === "string"));
}
