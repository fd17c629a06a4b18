import "../own-state.ts";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { changeStackFile, readStackFile } from "../../../commands/engine/stack-file.ts";
import { clonePath } from "../../../local/paths.ts";

const STACK = "test-stack-file";
const path = join(clonePath, `Pulumi.${STACK}.yaml`);

beforeEach(() => writeFileSync(path, "# Of a test.\nconfig:\n  a: 1\n"));
afterEach(() => rmSync(path));

test("changes at once all count, and comments stay", async () => {
  const keys = ["b", "c", "d", "e"];
  await Promise.all(
    keys.map((key) =>
      changeStackFile(STACK, async (document) => {
        // What another one writes meanwhile.
        await readStackFile(STACK);
        document.setIn(["config", key], 1);
      }),
    ),
  );
  const { config } = (await readStackFile(STACK)).toJS() as { config: object };
  expect(Object.keys(config).sort()).toEqual(["a", ...keys]);
  expect(readFileSync(path, "utf8")).toMatch(/^# Of a test\.\n/);
});

test("fails as the change does, and the file stays as it was", async () => {
  const changed = changeStackFile(STACK, (document) => {
    document.setIn(["config", "a"], 2);
    throw new Error("refused");
  });
  await expect(changed).rejects.toThrow("refused");
  expect(readFileSync(path, "utf8")).toContain("a: 1");
});

test("fails on a stack without a file, and makes none", async () => {
  await expect(changeStackFile("test-none", () => undefined)).rejects.toThrow(
    "stack test-none must have a configuration, found no Pulumi.test-none.yaml",
  );
  expect(existsSync(join(clonePath, "Pulumi.test-none.yaml"))).toBe(false);
});
