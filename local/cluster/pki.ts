import { execFile } from "node:child_process";
import {
  X509Certificate,
  createHash,
  createPrivateKey,
  generateKeyPairSync,
  randomBytes,
} from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { statePath } from "../paths.ts";

/** How long a certificate is valid, in days; it is made anew when less than a month is left. */
const DAYS = 365;
const RENEW_BEFORE_DAYS = 30;

/** How long an authority is valid, in days. */
const AUTHORITY_DAYS = 3650;

/** A certificate to be signed by one of the platform's own authorities. */
export interface CertificateRequest {
  readonly authority: "cluster" | "etcd";
  /** Common name: the user, for a client of the API server. */
  readonly name: string;
  /** Organization: the group, for a client of the API server. @default - none */
  readonly group?: string;
  /** DNS names and addresses, as `DNS:x` or `IP:x`, of a server. @default - none, a client only */
  readonly serves?: readonly string[];
}

/** Paths of a certificate and its private key, both PEM. */
export interface KeyPair {
  readonly certificate: string;
  readonly key: string;
}

const folder = join(statePath, "pki");

/** Path of the certificate that proves what `authority` signed. */
export function authorityPath(authority: CertificateRequest["authority"]): string {
  return join(folder, `${authority}-authority.crt`);
}

/** Key that signs the tokens of service accounts; private, PEM. */
export const serviceAccountKeyPath = join(folder, "service-account.key");

/**
 * The authorities, made once; they never leave this machine.
 *
 * @throws Error if openssl fails.
 */
export async function ensureAuthorities(): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const authority of ["cluster", "etcd"] as const) {
    const paths = {
      certificate: authorityPath(authority),
      key: join(folder, `${authority}-authority.key`),
    };
    if (await isUsable(paths, RENEW_BEFORE_DAYS)) continue;
    await issue(paths, [
      ...["-days", `${AUTHORITY_DAYS}`, "-subj", `/CN=marketing-stack ${authority}`],
      ...[
        "-addext",
        "basicConstraints=critical,CA:TRUE",
        "-addext",
        "keyUsage=critical,keyCertSign,cRLSign",
      ],
    ]);
  }
  await once(serviceAccountKeyPath, () =>
    generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({
      type: "sec1",
      format: "pem",
    }),
  );
}

/**
 * A key pair as requested; the same one until the request changes, its authority does, or it is about to expire.
 *
 * @param file name of its files, without extension.
 */
export async function keyPair(file: string, request: CertificateRequest): Promise<KeyPair> {
  const authority = authorityPath(request.authority);
  const digest = createHash("sha256")
    .update(JSON.stringify(request))
    .update(await readFile(authority))
    .digest("hex");
  const stem = join(folder, `${file}-${digest.slice(0, 8)}`);
  const paths = { certificate: `${stem}.crt`, key: `${stem}.key` };
  if (await isUsable(paths, RENEW_BEFORE_DAYS)) return paths;
  const usage = request.serves
    ? "extendedKeyUsage=serverAuth,clientAuth"
    : "extendedKeyUsage=clientAuth";
  await issue(paths, [
    ...[
      "-CA",
      authority,
      "-CAkey",
      join(folder, `${request.authority}-authority.key`),
      "-days",
      `${DAYS}`,
    ],
    ...["-subj", `${request.group ? `/O=${request.group}` : ""}/CN=${request.name}`],
    ...["-addext", "basicConstraints=critical,CA:FALSE", "-addext", usage],
    ...(request.serves ? ["-addext", `subjectAltName=${request.serves.join(",")}`] : []),
  ]);
  return paths;
}

/** Random bytes (base64) in the file `name`, the same ever after. */
export async function randomKey(name: string, bytes: number): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return once(join(folder, name), () => randomBytes(bytes).toString("base64"));
}

async function issue(paths: KeyPair, args: readonly string[]): Promise<void> {
  const fresh = { certificate: `${paths.certificate}.new`, key: `${paths.key}.new` };
  await promisify(execFile)("openssl", [
    ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc"],
    ...["-keyout", fresh.key, "-out", fresh.certificate, ...args],
  ]);
  // Killed in between, the pair does not match and is made again.
  await rename(fresh.key, paths.key);
  await rename(fresh.certificate, paths.certificate);
}

async function isUsable({ certificate, key }: KeyPair, days: number): Promise<boolean> {
  try {
    const parsed = new X509Certificate(await readFile(certificate));
    const left = parsed.validToDate.getTime() - Date.now();
    return (
      left > days * 24 * 60 * 60 * 1000 &&
      parsed.checkPrivateKey(createPrivateKey(await readFile(key)))
    );
  } catch {
    return false;
  }
}

async function once(path: string, make: () => string | Buffer): Promise<string> {
  const existing = await readFile(path, "utf8").catch(() => "");
  if (existing) return existing;
  const content = make().toString();
  await writeFile(`${path}.new`, content, { mode: 0o600 });
  await rename(`${path}.new`, path);
  return content;
}
