import { readFile } from "node:fs/promises";
import type { Server } from "node:https";
import { join } from "node:path";
import { createSecureContext } from "node:tls";

import { pause } from "./pause.ts";

/** What a server proves its identity with, as PEM. */
export interface Certificate {
  /** The server's own first, then those that signed it. */
  readonly cert: string;
  readonly key: string;
}

/**
 * The certificate in a folder, in files called as Kubernetes calls them: `tls.crt`, `tls.key`.
 *
 * @throws Error if one is missing, or they do not belong together.
 */
export async function readCertificate(folder: string): Promise<Certificate> {
  const [cert, key] = await Promise.all(
    ["tls.crt", "tls.key"].map((name) => readFile(join(folder, name), "utf8")),
  );
  createSecureContext({ cert: cert!, key: key! });
  return { cert: cert!, key: key! };
}

/**
 * Gives a server the certificate of a folder anew whenever it has changed, looking every so often, until `signal`. One that
 * cannot be used leaves the former one.
 */
export async function followCertificate(
  server: Server,
  folder: string,
  current: Certificate,
  everyMs: number,
  onTrouble: (message: string, error: Error) => void,
  signal: AbortSignal,
): Promise<void> {
  let { cert } = current;
  while (!signal.aborted) {
    await pause(everyMs, signal);
    try {
      const found = await readCertificate(folder);
      if (found.cert === cert) continue;
      server.setSecureContext(found);
      cert = found.cert;
    } catch (error) {
      onTrouble("cannot use the certificate, keep the former one", error as Error);
    }
  }
}
