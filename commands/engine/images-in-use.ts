import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { clonePath } from "../../local/paths.ts";
import { readRelease } from "../../stacks/releases.ts";
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
 * References of all images that a stack of the backend or a sealed release of this clone names.
 *
 * @throws Error if a state or a release cannot be read: an image is never taken for unused because of that.
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
  return new Set([
    ...names.filter((name) => typeof name === "string"),
    ...(await sealedImages()).map((image) => `/${image}`),
  ]);
}

/** `<repository>@<digest>` of all images of sealed releases. */
async function sealedImages(): Promise<string[]> {
  const folder = join(clonePath, "releases");
  const files = await readdir(folder).catch(() => []);
  return files
    .filter((file) => /^[0-9a-f]{16}\.json$/.test(file))
    .flatMap((file) => Object.values(readRelease(file.slice(0, 16), folder).images));
}
