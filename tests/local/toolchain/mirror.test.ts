import { scratch } from "./scratch.ts";
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { fetchTool, openMirror, parseSums } from "../../../local/toolchain/mirror.ts";
import { toolNamed } from "../../../local/toolchain/pins.ts";
import { artifactKey } from "../../../local/toolchain/recipe.ts";
import { artifactPath, storePath } from "../../../local/toolchain/store.ts";
import { fillMirror } from "./fake-mirror.ts";
import { silentProgress } from "./silent.ts";

const folder = join(scratch, "mirror");
beforeEach(() => fillMirror(folder));

function fetchFrom(mirror: Awaited<ReturnType<typeof openMirror>>, name: "coredns" | "kubernetes") {
  return fetchTool(toolNamed(name), mirror, name, silentProgress());
}

test("an artifact of a folder runs from the store", async () => {
  const receipt = await fetchFrom(await openMirror(folder), "coredns");
  expect(receipt.origin).toBe("mirror");
  const path = artifactPath(artifactKey(toolNamed("coredns")));
  expect(execFileSync(path, { encoding: "utf8" })).toBe("coredns\n");
});

test("an artifact of an HTTP server runs from the store", async () => {
  const server = createServer((request, response) => {
    response.end(readFileSync(join(folder, request.url!)));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const { port } = server.address() as AddressInfo;
    await fetchFrom(await openMirror(`http://127.0.0.1:${port}/`), "kubernetes");
    const path = artifactPath(artifactKey(toolNamed("kubernetes")));
    expect(execFileSync(path, { encoding: "utf8" })).toBe("kubernetes\n");
  } finally {
    server.close();
  }
});

test("fails on an artifact with another digest, and leaves nothing in the store", async () => {
  const tool = toolNamed("pulumi");
  const file = join(folder, `${artifactKey(tool)}.zst`);
  writeFileSync(file, "another");
  const mirror = await openMirror(folder);
  const expected = mirror.sums.get(`${artifactKey(tool)}.zst`);
  await expect(fetchTool(tool, mirror, "pulumi", silentProgress())).rejects.toThrow(
    `${file} must have the digest that SHA256SUMS gives, expected ${expected}, found ae448ac86c4e8e4dec645729708ef41873ae79c6dff84eff73360989487f08e5; copy the file again`,
  );
  expect(existsSync(artifactPath(artifactKey(tool)))).toBe(false);
  expect(readdirSync(join(storePath, "work"))).toEqual([]);
});

test("fails on a folder without a list, with the remedy", async () => {
  await expect(openMirror(join(scratch, "none"))).rejects.toThrow(
    /^TOOLCHAIN_MIRROR must be a folder or http\(s\) URL with a file SHA256SUMS, got ".*none" \(ENOENT.*\); fill it with "npm run toolchain -- --export DIR" or unset/,
  );
});

test("reads the list as sha256sum writes it", () => {
  const digest = "0123456789abcdef".repeat(4);
  expect(parseSums(`${digest}  a.zst\n${digest} *b\n`, "list")).toEqual(
    new Map([
      ["a.zst", digest],
      ["b", digest],
    ]),
  );
});

test.each(["0123  a", `${"0".repeat(64)}  ../a`, "text"])("fails on the list's line %p", (line) => {
  expect(() => parseSums(line, "list")).toThrow(
    `list must hold lines of a SHA-256 digest and a file name, got ${JSON.stringify(line)}`,
  );
});
