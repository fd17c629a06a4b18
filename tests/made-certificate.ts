import { execFileSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A certificate that signs itself, and its key, both as PEM. */
export interface MadeCertificate {
  readonly certificate: string;
  readonly key: string;
  /** By which it is told from others. */
  readonly serialNumber: string;
}

/** Makes one for `events.example` and 127.0.0.1 with openssl, good for 90 days. */
export function madeCertificate(): MadeCertificate {
  const folder = mkdtempSync(join(tmpdir(), "certificate-"));
  const [crt, pem] = pathsIn(folder);
  try {
    execFileSync(
      "openssl",
      ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
        .concat(["-keyout", pem, "-out", crt])
        .concat(["-days", "90", "-subj", "/CN=events.example"])
        .concat(["-addext", "subjectAltName=DNS:events.example,IP:127.0.0.1"]),
      { stdio: "ignore" },
    );
    const certificate = readFileSync(crt, "utf8");
    const { serialNumber } = new X509Certificate(certificate);
    return { certificate, key: readFileSync(pem, "utf8"), serialNumber };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Puts it into a folder as Kubernetes does: `tls.crt`, `tls.key`. */
export function writeCertificate(folder: string, { certificate, key }: MadeCertificate): void {
  const [crt, pem] = pathsIn(folder);
  writeFileSync(crt, certificate);
  writeFileSync(pem, key);
}

function pathsIn(folder: string): [crt: string, key: string] {
  return [join(folder, "tls.crt"), join(folder, "tls.key")];
}
