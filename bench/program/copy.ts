import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { clonePath } from "../../local/paths.ts";
import { canonicalJson } from "../../stacks/canonical-json.ts";
import { lockText, promotedLock } from "../../stacks/release-lock.ts";
import { releaseId } from "../../stacks/releases.ts";
import { release } from "../../tests/stacks/prod-program.ts";

/** What the program is made of and reads. */
const ROOMS = ["infra", "stacks", "alerts", "campaigns", "charts", "services"];

/**
 * Copies the program into a new folder where prod has a release, and `stand-ins.cjs` says what providers would answer.
 *
 * Pulumi's default loader takes it as CommonJS, without extensions in its imports.
 */
export function copyOfProgram(
  folder: string,
  { forDefaultLoader }: { readonly forDefaultLoader: boolean },
): string {
  for (const room of ROOMS) {
    cpSync(join(clonePath, room), join(folder, room), {
      recursive: true,
      filter: (path) => !path.includes("node_modules"),
    });
  }
  symlinkSync(join(clonePath, "node_modules"), join(folder, "node_modules"));
  promote(folder);
  buildSync({
    entryPoints: [join(clonePath, "commands", "mocks", "stand-ins.ts")],
    outfile: join(folder, "stand-ins.cjs"),
    bundle: true,
    platform: "node",
    format: "cjs",
    packages: "external",
  });
  writeFileSync(
    join(folder, "package.json"),
    JSON.stringify({
      name: "copy",
      version: "1.0.0",
      ...(forDefaultLoader ? {} : { type: "module" }),
    }),
  );
  if (forDefaultLoader) withoutExtensions(folder);
  return folder;
}

function promote(folder: string): void {
  const id = releaseId(release);
  mkdirSync(join(folder, "releases"));
  writeFileSync(join(folder, "releases", `${id}.json`), canonicalJson(release));
  const lock = promotedLock(undefined, { environment: "prod", release: id, isVerified: false });
  writeFileSync(join(folder, "releases", "prod.lock.json"), lockText(lock));
}

function withoutExtensions(folder: string): void {
  for (const room of ["infra", "stacks", "services/contract"]) {
    const names = readdirSync(join(folder, room), { recursive: true, encoding: "utf8" });
    for (const path of names
      .filter((name) => name.endsWith(".ts"))
      .map((name) => join(folder, room, name))) {
      writeFileSync(path, readFileSync(path, "utf8").replace(/from "(\..*?)\.ts"/g, 'from "$1"'));
    }
  }
  writeFileSync(
    join(folder, "tsconfig.json"),
    JSON.stringify({
      compilerOptions: { strict: true, skipLibCheck: true, types: ["node"], lib: ["es2023"] },
    }),
  );
}
