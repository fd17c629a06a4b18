import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { allToolNames, toolNamed } from "../../../local/toolchain/pins.ts";
import { buildArguments, recipeDigest, recipeFolder } from "../../../local/toolchain/recipe.ts";

test.each(allToolNames)("%s has a complete Go module of its own", (name) => {
  const folder = recipeFolder(toolNamed(name));
  expect(readFileSync(join(folder, "go.mod"), "utf8")).toMatch(/^module example\.invalid\/tools\//);
  expect(existsSync(join(folder, "go.sum"))).toBe(true);
});

test("a plugin's version is that of its npm package", () => {
  const { dependencies } = JSON.parse(readFileSync("package.json", "utf8"));
  expect(toolNamed("pulumi").version).toBe(dependencies["@pulumi/pulumi"]);
  expect(toolNamed("pulumi-resource-gcp").version).toBe(dependencies["@pulumi/gcp"]);
});

test("the digest of a recipe depends on how it is built", () => {
  const tool = toolNamed("coredns");
  const digests = [tool, { ...tool, tags: "x" }, { ...tool, goPackage: "./x" }].map(recipeDigest);
  expect(new Set(digests).size).toBe(3);
  expect(digests[0]).toMatch(/^[0-9a-f]{64}$/);
});

test("the linker is told versions and tags", () => {
  expect(buildArguments(toolNamed("pulumi"))).toEqual([
    "-tags",
    "osusergo,grpcnotrace",
    "-ldflags",
    `-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${toolNamed("pulumi").version}`,
  ]);
});
