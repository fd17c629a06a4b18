import { createPrivateKey, X509Certificate } from "node:crypto";

/** How SDKs reach the collector by TLS where no load balancer does that for it. */
export interface CollectorTls {
  /** Its certificate as PEM, and behind it those that signed it. */
  readonly certificate: string;
  /** The certificate's private key as PEM. */
  readonly key: string;
  /** Port on every node, 30000-32767. */
  readonly port: number;
}

/**
 * What is wrong with it, without its values; empty if nothing is.
 *
 * @param taken ports of the stack that are not free for it.
 */
export function collectorTlsProblems(value: unknown, taken: readonly number[]): string[] {
  const { certificate, key, port, ...others } = (value ?? {}) as Record<string, unknown>;
  const problems = Object.keys(others).map(
    (field) => `collectorTls must have no field but certificate, key, port, got ${field}`,
  );
  const isPort = Number.isInteger(port) && Number(port) >= 30_000 && Number(port) <= 32_767;
  if (!isPort || taken.includes(Number(port))) {
    problems.push(
      `collectorTls.port must be a whole number from 30000 to 32767 that is none of ${taken.join(", ")}, got ${JSON.stringify(port)}`,
    );
  }
  const own = parsed(() => new X509Certificate(String(certificate)));
  if (own === undefined) {
    problems.push("collectorTls.certificate must be a certificate as PEM, got something else");
  }
  const privateKey = parsed(() => createPrivateKey(String(key)));
  if (privateKey === undefined) {
    problems.push("collectorTls.key must be a private key as PEM, got something else");
  } else if (own && !own.checkPrivateKey(privateKey)) {
    problems.push("collectorTls.key must be that of the certificate, got another one's");
  }
  return problems;
}

function parsed<T>(parse: () => T): T | undefined {
  try {
    return parse();
  } catch {
    return undefined;
  }
}
