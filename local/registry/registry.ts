import { join } from "node:path";
import type { Plan } from "../cluster/plan.ts";
import { registryHost } from "../cluster/plan.ts";
import { randomKey } from "../cluster/pki.ts";
import { answers } from "../cluster/probe.ts";
import { statePath } from "../paths.ts";
import type { Service } from "../supervisor/service.ts";

/** Configuration of the registry; `docker-registry garbage-collect` wants it too. */
export const registryConfigPath = join(statePath, "config", "registry.json");

/** The registry of this machine's images, on loopback without a password; manifests can be deleted. */
export async function registry({ addresses }: Plan): Promise<Service> {
  const host = registryHost(addresses);
  return {
    name: "registry",
    folders: [join(statePath, "registry")],
    files: {
      [registryConfigPath]: JSON.stringify({
        version: "0.1",
        log: { level: "warn", accesslog: { disabled: true } },
        storage: {
          filesystem: { rootdirectory: join(statePath, "registry") },
          delete: { enabled: true },
          cache: { blobdescriptor: "inmemory" },
        },
        http: { addr: host, secret: await randomKey("registry.secret", 32) },
      }),
    },
    isReady: () => answers(`http://${host}/v2/`),
    command: ["/usr/bin/docker-registry", "serve", registryConfigPath],
  };
}
