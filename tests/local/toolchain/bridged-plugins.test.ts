import { toolNamed } from "../../../local/toolchain/pins.ts";
import { recipeDigest } from "../../../local/toolchain/recipe.ts";
import { npmInputs } from "./npm-inputs.ts";
import { propertyTrees } from "./property-trees.ts";
import { kindDifferences } from "./provider-inputs.ts";

/** All that our builds, of newer upstream providers, take and the published ones do not: no program may use it. */
const known = {
  docker: [
    "docker:index/container:Container.deviceCgroupRules must be an input of the published plugin, got none",
    "docker:index/container:Container.uploads[].group must be an input of the published plugin, got none",
    "docker:index/container:Container.uploads[].owner must be an input of the published plugin, got none",
    "docker:index/registryImage:RegistryImage.build.provenance must be an input of the published plugin, got none",
    "docker:index/registryImage:RegistryImage.build.sbom must be an input of the published plugin, got none",
    "docker:index/remoteImage:RemoteImage.build.provenance must be an input of the published plugin, got none",
    "docker:index/remoteImage:RemoteImage.build.sbom must be an input of the published plugin, got none",
  ],
  gcp: [
    "gcp:secretmanager/secretVersion:SecretVersion.secretDataWoVersion must be of the published kind number, got string",
    "gcp:sql/databaseInstance:DatabaseInstance.settings.replicationLagMaxSeconds must be an input of the published plugin, got none",
  ],
};

test.each(["docker", "gcp"] as const)(
  "the property trees of %s are those of its recipe",
  (plugin) => {
    const digest = recipeDigest(toolNamed(`pulumi-resource-${plugin}`));
    const { recipe } = propertyTrees(plugin);
    if (recipe !== digest) {
      throw new Error(
        `property trees of ${plugin} must be of recipe ${digest}, got ${recipe}; run "node local/toolchain/property-trees/renew.ts"`,
      );
    }
  },
);

test.each(["docker", "gcp"] as const)(
  "every input of our build of %s is in the npm package's types, with the same kind",
  (plugin) => {
    const { trees } = propertyTrees(plugin);
    const published = npmInputs(plugin, [...trees.keys()]);
    const differences = [...trees].flatMap(([token, tree]) =>
      kindDifferences(tree, published.get(token)!, token),
    );
    expect(differences).toEqual(known[plugin]);
  },
);

test("fails on a resource that the npm package does not have", () => {
  expect(() => npmInputs("docker", ["docker:index/none:None"])).toThrow(
    "@pulumi/docker must have the resource docker:index/none:None, got none",
  );
});
