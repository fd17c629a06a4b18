import {
  appendFileSync,
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { clone, runProcess } from "./command.ts";
import { succeeded } from "./stack.ts";

/** Makes a folder of the clone in its copy, with the modes that it has there: an image's inputs are read with them. */
function copyFolder(path: string, folder: string): void {
  if (folder === "." || existsSync(join(path, folder))) return;
  copyFolder(path, dirname(folder));
  mkdirSync(join(path, folder));
  chmodSync(join(path, folder), statSync(join(clone, folder)).mode);
}

/** A copy of this clone, and of `ignored` files, that shares its dependencies and that a test may edit. */
export async function copyOfClone(ignored: readonly string[] = []): Promise<{
  path: string;
  append(file: string, text: string): void;
  write(file: string, text: string): void;
  replace(file: string, from: string, to: string): void;
  /** Commits everything in a history of its own; returns the commit. */
  commit(title: string): Promise<string>;
  remove(): void;
}> {
  const path = mkdtempSync(join(tmpdir(), "marketing-stack-clone-"));
  const listed = await runProcess("git", [
    "ls-files",
    "-z",
    "--cached",
    "--others",
    "--exclude-standard",
  ]);
  for (const file of [...listed.stdout.split("\0").filter(Boolean), ...ignored]) {
    copyFolder(path, dirname(file));
    cpSync(join(clone, file), join(path, file), { preserveTimestamps: true });
  }
  symlinkSync(join(clone, "node_modules"), join(path, "node_modules"));
  return {
    path,
    append: (file, text) => appendFileSync(join(path, file), text),
    write: (file, text) => writeFileSync(join(path, file), text),
    replace: (file, from, to) => {
      const before = readFileSync(join(path, file), "utf8");
      if (!before.includes(from)) throw new Error(`${file} must contain ${JSON.stringify(from)}`);
      writeFileSync(join(path, file), before.replace(from, to));
    },
    commit: async (title) => {
      const author = ["-c", "user.name=test", "-c", "user.email=test@example.com"];
      const git = async (...args: string[]): Promise<string> =>
        succeeded(await runProcess("git", args, { cwd: path }));
      await git("init", "--quiet");
      await git("add", "--all");
      await git(...author, "commit", "--quiet", "--allow-empty", `--message=${title}`);
      return (await git("rev-parse", "HEAD")).trim();
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}
