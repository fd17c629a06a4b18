import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { holdEnded } from "../../../commands/backups/dump-script.ts";
import { takeDump } from "../../../commands/backups/take-dump.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "take-dump-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Dumps a stack whose cluster answers with what `script` does. */
function dump(script: string, hold = false): Promise<number> {
  writeFileSync(join(folder, "kubectl"), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return takeDump({
    ...{ stack: "dev", kubeconfig: "none", hold, path: join(folder, "backups", "one.sql") },
    environment: { PATH: `${folder}:/usr/bin:/bin` },
  });
}

test("a dump is one file, for its owner's eyes only", async () => {
  expect(await dump("echo 'select 1;'")).toBe(10);
  expect(readdirSync(join(folder, "backups"))).toEqual(["one.sql"]);
  expect(statSync(join(folder, "backups", "one.sql")).mode & 0o777).toBe(0o600);
});

test("fails on a file that another one is writing, and leaves it", async () => {
  await dump("echo");
  writeFileSync(join(folder, "backups", "one.sql.new"), "another's");
  await expect(dump("echo")).rejects.toThrow("EEXIST");
  expect(readFileSync(join(folder, "backups", "one.sql.new"), "utf8")).toBe("another's");
});

test("fails with what the container said, and leaves no file", async () => {
  await expect(dump("echo cut; echo no room >&2; exit 1")).rejects.toThrow(
    /^the database of dev must be dumped, got: no room$/,
  );
  expect(readdirSync(join(folder, "backups"))).toEqual([]);
});

test("fails for an upgrade with what lets the database be written again, unless that is done", async () => {
  await expect(dump("echo no room >&2; exit 1", true)).rejects.toThrow(
    "got: no room; the database may take no changes until its server starts again: kubectl --namespace dev delete pod database-0",
  );
  await expect(dump(`echo '${holdEnded}' >&2; exit 1`, true)).rejects.toThrow(
    new RegExp(`got: ${holdEnded}$`),
  );
});
