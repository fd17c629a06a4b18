import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** Path of the kubeconfig that {@link writeMachine} writes below `stateHome`. */
export function standInKubeconfig(stateHome: string): string {
  return join(stateHome, "marketing-stack", "kubeconfig");
}

/** Writes below `stateHome` what a program reads of a machine, for one on which nothing of the platform is. */
export async function writeMachine(stateHome: string): Promise<void> {
  const kubeconfig = standInKubeconfig(stateHome);
  await mkdir(dirname(kubeconfig), { recursive: true });
  await writeFile(kubeconfig, "clusters: []\ncontexts: []\nusers: []\n");
  const platform = {
    kubeconfig,
    nodeAddress: "192.0.2.10",
    registry: "127.0.0.1:1",
    dockerHost: "unix:///nowhere",
    baseImages: { node: "node", postgres: "postgres" },
    monitoring: "http://127.0.0.1:1/",
  };
  await writeFile(join(dirname(kubeconfig), "platform.json"), JSON.stringify(platform));
}
