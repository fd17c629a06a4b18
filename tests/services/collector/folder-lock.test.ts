import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { join } from "node:path";

import { lockFolder } from "../../../services/collector/folder-lock.ts";
import { temporaryFolder } from "./temporary-folder.ts";

/** A process that has the lock of `folder` and lives on. */
async function startHolder(folder: string): Promise<ReturnType<typeof spawn>> {
  const script = `
    import { lockFolder } from ${JSON.stringify(join(process.cwd(), "services/collector/folder-lock.ts"))};
    await lockFolder(${JSON.stringify(folder)}, () => {});
    process.stdout.write("held");
    setInterval(() => {}, 1e6);`;
  const holder = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(holder.stdout, "data");
  return holder;
}

test("a folder is another process's until that one is killed, and the one that waits is told", async () => {
  const folder = join(temporaryFolder(), "spool");
  const seen: string[] = [];
  const holder = await startHolder(folder);
  await lockFolder(folder, () => {
    seen.push("waits");
    holder.kill("SIGKILL");
  });
  expect(seen).toEqual(["waits"]);
});

test("a folder that nobody has is there at once, made if it is not there", async () => {
  const told = jest.fn();
  await lockFolder(join(temporaryFolder(), "made", "spool"), told);
  expect(told).not.toHaveBeenCalled();
});

test("fails where the lock's file cannot be opened", async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "lock"));
  await expect(lockFolder(folder, () => undefined)).rejects.toThrow("EISDIR");
});
