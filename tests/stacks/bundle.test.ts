import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import type * as Bundle from "../../stacks/bundle.ts";
import { inEmptyFolder } from "./in-empty-folder.ts";

const output = "shop/dist/main.mjs";
let bundle: typeof Bundle.bundle;
inEmptyFolder();
beforeAll(async () => {
  // After that: esbuild keeps the working directory in which it is loaded.
  ({ bundle } = await import("../../stacks/bundle.ts"));
});
beforeEach(() => {
  write("package-lock.json", "{}");
  write("shop/main.ts", 'import { price } from "./price.ts";\nconsole.log(price);\n');
  write("shop/price.ts", "export const price: number = 12;\n");
});
afterEach(() => {
  for (const name of ["shop", "node_modules"]) rmSync(name, { recursive: true, force: true });
});

/** Writes a file as it was a minute ago. */
function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  const then = Date.now() / 1000 - 60;
  utimesSync(path, then, then);
}

/** Whether it is bundled anew: what is kept is another file then. */
function isBundledAnew(): boolean {
  const before = readFileSync(kept("made.json"), "utf8");
  const { ino } = statSync(kept("main.mjs"));
  bundle("shop");
  return (
    statSync(kept("main.mjs")).ino !== ino || readFileSync(kept("made.json"), "utf8") !== before
  );
}

function kept(name: string): string {
  return join("node_modules/.cache/bundles/shop", name);
}

test("what was made of the same files is taken again", () => {
  bundle("shop");
  expect(readFileSync(output, "utf8")).toContain("12");
  expect([isBundledAnew(), isBundledAnew()]).toEqual([false, false]);
  write("shop/unused.ts", "export {};\n");
  expect(isBundledAnew()).toBe(false);
});

test.each([
  ["an imported file", () => write("shop/price.ts", "export const price: number = 13;\n")],
  ["the packages", () => write("package-lock.json", '{"lockfileVersion":3}')],
  ["how TypeScript is read", () => write("tsconfig.json", "{}")],
  ["what is kept", () => writeFileSync(kept("main.mjs"), "console.log(14);\n")],
  ["what is known of it", () => writeFileSync(kept("made.json"), "{")],
])("is bundled anew after a change of %s", (_what, change) => {
  bundle("shop");
  change();
  expect(isBundledAnew()).toBe(true);
  expect(readFileSync(output, "utf8")).toMatch(/price = 1[23];/);
});

test.each([
  ["content", () => writeFileSync(output, "console.log(14);\n")],
  ["mode", () => chmodSync(output, 0o600)],
  ["absence", () => rmSync(output)],
])("is put in its place again, whatever its %s there", (_what, change) => {
  bundle("shop");
  change();
  expect(isBundledAnew()).toBe(false);
  expect(readFileSync(output, "utf8")).toContain("price = 12;");
  expect(statSync(output).mode & 0o777).toBe(0o644);
});

test("is not kept while it may have been edited in the midst", () => {
  writeFileSync("shop/price.ts", "export const price: number = 15;\n");
  bundle("shop");
  expect(existsSync(kept("main.mjs"))).toBe(false);
});

test("fails where an imported file is gone, as esbuild says it", () => {
  bundle("shop");
  rmSync("shop/price.ts");
  expect(() => bundle("shop")).toThrow('Could not resolve "./price.ts"');
});
