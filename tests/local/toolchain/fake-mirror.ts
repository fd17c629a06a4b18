import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { zstdCompressSync } from "node:zlib";
import { toolNamed, toolNames } from "../../../local/toolchain/pins.ts";
import { artifactKey } from "../../../local/toolchain/recipe.ts";

/** Fills `folder` with an artifact for every tool: small scripts that print the tool's name. */
export function fillMirror(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const lines = toolNames.map((name) => {
    const file = `${artifactKey(toolNamed(name))}.zst`;
    const content = zstdCompressSync(Buffer.from(`#!/bin/sh\necho ${name}\n`));
    writeFileSync(join(folder, file), content);
    return `${createHash("sha256").update(content).digest("hex")}  ${file}\n`;
  });
  writeFileSync(join(folder, "SHA256SUMS"), lines.join(""));
}
