import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Writes what the program reads of a machine on which nothing of the platform is, and returns the folder. */
export async function writeMachine(folder: string): Promise<void> {
  const state = join(folder, "marketing-stack");
  const kubeconfig = join(state, "kubeconfig");
  await mkdir(state, { recursive: true });
  await writeFile(kubeconfig, "clusters: []\ncontexts: []\nusers: []\n");
  const platform = {
    kubeconfig,
    registry: "127.0.0.1:1",
    dockerHost: "unix:///nowhere",
    baseImages: { node: "node", postgres: "postgres" },
    monitoring: "http://127.0.0.1:1/",
  };
  await writeFile(join(state, "platform.json"), JSON.stringify(platform));
}
