import type * as pulumi from "@pulumi/pulumi";
import { registrationsOf } from "../mocks.ts";

/** The resources that a program both protects and retains on delete, as `<type>::<name>`, sorted. */
export async function protectedBy(
  program: (opts: pulumi.ComponentResourceOptions) => unknown,
): Promise<string[]> {
  const found: string[] = [];
  const note: pulumi.ResourceTransformation = ({ type, name, opts }) => {
    if (opts.protect && opts.retainOnDelete) found.push(`${type}::${name}`);
    return undefined;
  };
  await registrationsOf(() => program({ transformations: [note] }));
  return found.sort();
}
