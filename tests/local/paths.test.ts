import { existsSync } from "node:fs";
import { join } from "node:path";
import { cachePath, clonePath, statePath } from "../../local/paths.ts";

test("the clone's root is the folder that holds package.json", () => {
  expect(existsSync(join(clonePath, "package.json"))).toBe(true);
});

test("state and cache lie outside the clone", () => {
  for (const path of [statePath, cachePath]) {
    expect(path.startsWith(clonePath)).toBe(false);
    expect(path.endsWith("/marketing-stack")).toBe(true);
  }
});
