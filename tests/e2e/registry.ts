import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { freePort } from "../../local/free-port.ts";
import { waitFor } from "../../local/wait.ts";

/** An empty image registry of its own on loopback. */
export async function startRegistry(): Promise<{ host: string; stop(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), "registry-"));
  const host = `127.0.0.1:${await freePort()}`;
  const config = join(folder, "config.yml");
  const storage = { filesystem: { rootdirectory: join(folder, "images") } };
  writeFileSync(config, stringify({ version: "0.1", storage, http: { addr: host } }));
  const registry = spawn("docker-registry", ["serve", config], { stdio: "ignore" });
  await waitFor(
    "the registry",
    30,
    async () => (await fetch(`http://${host}/v2/`)).ok || undefined,
  );
  return {
    host,
    stop: async () => {
      registry.kill();
      await once(registry, "exit");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
