import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import type * as Images from "../../stacks/images.ts";
import { inEmptyFolder } from "./in-empty-folder.ts";

let images: typeof Images;
inEmptyFolder();
beforeAll(async () => {
  // After that: esbuild keeps the working directory in which it is loaded.
  images = await import("../../stacks/images.ts");
});
afterEach(() => rmSync("services", { recursive: true, force: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  // Also where the umask lets nobody else read it.
  chmodSync(path, 0o644);
}

describe("a context that is built from source", () => {
  beforeEach(() => {
    write("services/shop/Dockerfile", "FROM scratch");
    write("services/shop/.dockerignore", "# made by builds\ndist\nDockerfile\n.dockerignore\n");
    write("services/shop/src/main.ts", "1");
    write("services/shop/dist/main.js", "1");
  });
  const digest = (base = "node@sha256:1"): string =>
    images.sourceContext("shop", { baseImage: base }).inputsDigest;

  test("has the same digest as long as nothing changes", () => {
    expect(digest()).toMatch(/^[0-9a-f]{64}$/);
    expect(digest()).toBe(digest());
  });

  test.each([
    ["a file", () => write("services/shop/src/main.ts", "2")],
    ["a new file", () => write("services/shop/src/other.ts", "1")],
    ["a file in a folder named like an ignored one", () => write("services/shop/src/dist/a", "1")],
    ["whether a file can be executed", () => chmodSync("services/shop/src/main.ts", 0o755)],
    ["who may read a file", () => chmodSync("services/shop/src/main.ts", 0o600)],
    ["an empty folder", () => mkdirSync("services/shop/src/empty")],
    ["the Dockerfile", () => write("services/shop/Dockerfile", "FROM node")],
    ["the .dockerignore", () => write("services/shop/.dockerignore", "dist\nDockerfile\n")],
  ])("has another digest after a change of %s", (_what, change) => {
    const before = digest();
    change();
    expect(digest()).not.toBe(before);
  });

  test("has another digest on another base image", () => {
    expect(digest("node@sha256:2")).not.toBe(digest());
  });

  test("has the same digest after a change of what .dockerignore keeps out", () => {
    const before = digest();
    write("services/shop/dist/main.js", "2");
    expect(digest()).toBe(before);
  });

  test("fails on a .dockerignore with a pattern, naming it", () => {
    write("services/shop/.dockerignore", "dist\n**/*.log\n");
    expect(() => digest()).toThrow(
      'services/shop/.dockerignore must hold plain names, got "**/*.log"',
    );
  });
});

describe("a context that is one bundle", () => {
  beforeEach(() => {
    write("services/shop/Dockerfile", "FROM scratch");
    write("services/shop/.dockerignore", "*\n!dist/main.mjs\n");
    write("services/shop/main.ts", 'import { price } from "./price.ts";\nconsole.log(price);\n');
    write("services/shop/price.ts", "export const price: number = 12;\n");
  });
  const digest = (): string =>
    images.bundledContext("shop", { baseImage: "node@sha256:1" }).inputsDigest;

  test("bundles what main.ts imports into a file that every user may read", () => {
    const before = process.umask(0o077);
    try {
      expect(images.bundledContext("shop", { baseImage: "node@sha256:1" }).context).toBe(
        "services/shop",
      );
    } finally {
      process.umask(before);
    }
    expect(readFileSync("services/shop/dist/main.mjs", "utf8")).toContain("12");
    expect(statSync("services/shop/dist/main.mjs").mode & 0o777).toBe(0o644);
  });

  test("has another digest after an edit of an imported file, the same after one of an unused file", () => {
    const before = digest();
    write("services/shop/unused.ts", "export {};\n");
    expect(digest()).toBe(before);
    write("services/shop/price.ts", "export const price: number = 13;\n");
    expect(digest()).not.toBe(before);
  });

  test("fails on a .dockerignore that lets more in, naming it", () => {
    write("services/shop/.dockerignore", "*\n!dist\n");
    expect(() => digest()).toThrow(
      'services/shop/.dockerignore must let in the bundle alone ("*", "!dist/main.mjs"), got "*\\n!dist\\n"; the image\'s tag would not follow the rest',
    );
  });

  test("fails on a mistake in the source with file and line, and writes nothing", () => {
    write("services/shop/main.ts", "const = 1;\n");
    expect(() => digest()).toThrow(/services\/shop\/main\.ts:1:6/);
    expect(existsSync("services/shop/dist")).toBe(false);
  });
});
