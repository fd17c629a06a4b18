// Renews the property trees of our builds of the docker and gcp plugins, which tests/local/toolchain/ compares with
// the published ones: `node local/toolchain/property-trees/renew.ts` after a change of one of the two recipes.
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { lineProgress } from "../../progress.ts";
import { requireGo, runGo } from "../go.ts";
import { toolNamed } from "../pins.ts";
import { copyRecipe, recipeDigest } from "../recipe.ts";
import { removeWorkFolder, workFolder } from "../store.ts";

const generator = join(import.meta.dirname, "property_tree_test.go");

const go = requireGo();
for (const plugin of ["docker", "gcp"] as const) {
  await lineProgress().step(`property tree of ${plugin}`, async (detail) => {
    const tool = toolNamed(`pulumi-resource-${plugin}`);
    const key = `property-tree-${plugin}`;
    const folder = workFolder(key);
    const source = join(folder, "source");
    const written = join(folder, "tree.json");
    copyRecipe(tool, source);
    cpSync(generator, join(source, basename(generator)));
    mkdirSync(join(folder, "temporary"));
    await runGo(go, {
      folder: source,
      temporary: join(folder, "temporary"),
      arguments: ["test", "-count=1", "-run", "TestPropertyTree", ".", "-args", written],
      onLine: detail,
    });
    const recipe = `"recipe":"${recipeDigest(tool)}"`;
    const trees = readFileSync(written, "utf8").replace("{\n", `{\n${recipe},\n`);
    writeFileSync(join(import.meta.dirname, `${plugin}.golden.json`), trees);
    removeWorkFolder(key);
  });
}
