import { spawn } from "node:child_process";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { runPath } from "../cluster/plan.ts";
import { completed, engineCommand } from "./engine.ts";

/**
 * Imports a minimal Debian 12 as `image`: what Docker Hub has as `debian:bookworm-slim`, made from Debian's packages,
 * with catatonit (the pause program) and the certificates' tools.
 *
 * @throws Error with the last lines of mmdebstrap or docker.
 */
export async function importDebian(image: string): Promise<void> {
  const scratch = join(runPath, "mmdebstrap");
  await rm(scratch, { recursive: true, force: true });
  await mkdir(scratch, { recursive: true, mode: 0o755 });
  const unpacked = spawn(
    "nice",
    [
      "mmdebstrap",
      "--variant=minbase",
      "--mode=root",
      "--format=tar",
      "--include=ca-certificates,catatonit,tzdata",
      '--aptopt=Acquire::Languages "none"',
      "--dpkgopt=path-exclude=/usr/share/doc/*",
      "--dpkgopt=path-exclude=/usr/share/info/*",
      "--dpkgopt=path-exclude=/usr/share/locale/*",
      "--dpkgopt=path-exclude=/usr/share/man/*",
      "bookworm",
      "-",
    ],
    { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, TMPDIR: scratch } },
  );
  const [docker, ...args] = engineCommand(["import", "--change", 'CMD ["bash"]', "-", image]);
  const imported = spawn(docker!, args, { stdio: ["pipe", "ignore", "pipe"] });
  await Promise.all([
    pipeline(unpacked.stdout, imported.stdin),
    completed("mmdebstrap", unpacked),
    completed("docker import", imported),
  ]);
  await rm(scratch, { recursive: true, force: true });
}
