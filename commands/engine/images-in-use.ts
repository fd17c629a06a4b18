import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { clonePath } from "../../local/paths.ts";
import { readRelease } from "../../stacks/releases.ts";
import { pulumiOutput } from "./pulumi.ts";

/** A stack's state, as far as images are named in it. */
export interface NamingState {
  readonly deployment: {
    readonly resources?: readonly {
      readonly type: string;
      readonly inputs?: Readonly<Record<string, unknown>>;
      readonly outputs?: Readonly<Record<string, unknown>>;
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
        ) as NamingState,
    ),
  );
  return new Set([
    ...states.flatMap(imagesNamed),
    ...(await sealedImages()).map((image) => `/${image}`),
  ]);
}

/**
 * References of the images that a state names: those that were pushed for it, those that its containers run, and those that the stack says
 * it has. One that runs a release has the last two only.
 */
export function imagesNamed({ deployment: { resources = [] } }: NamingState): string[] {
  return resources.flatMap(({ type, inputs = {}, outputs = {} }) => [
    ...(type === "docker:index/registryImage:RegistryImage" ? texts(inputs.name) : []),
    ...(type === "pulumi:pulumi:Stack" ? texts(outputs.images) : []),
    ...containerImages(inputs),
  ]);
}

/** Each `image` at any depth: containers are in pods, in templates of pods, and in objects that others make pods of. */
function containerImages(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) =>
    key === "image" && typeof one === "string" ? [one] : containerImages(one),
  );
}

/** A text, or those of a map. */
function texts(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).filter((one) => typeof one === "string");
}

/** `<repository>@<digest>` of all images of sealed releases. */
async function sealedImages(): Promise<string[]> {
  const folder = join(clonePath, "releases");
  const files = await readdir(folder).catch(() => []);
  return files
    .filter((file) => /^[0-9a-f]{16}\.json$/.test(file))
    .flatMap((file) => Object.values(readRelease(file.slice(0, 16), folder).images));
}
