import { collectorTlsProblems } from "../../stacks/collector-tls.ts";
import { madeCertificate } from "../made-certificate.ts";
import { registrationsOfDev } from "./dev-program.ts";

const { certificate, key } = madeCertificate();
const good = { certificate, key, port: 30443 };
const taken = [30100, 30101];

test("a certificate with its key and a free port is good", () => {
  expect(collectorTlsProblems(good, taken)).toEqual([]);
});

test.each<[string, object, string]>([
  ["a port of the stack's own", { port: 30101 }, "that is none of 30100, 30101, got 30101"],
  ["a port of no node", { port: 443 }, "from 30000 to 32767 that is none of 30100, 30101, got 443"],
  ["no certificate", { certificate: "x" }, "collectorTls.certificate must be a certificate as PEM"],
  ["no key", { key: undefined }, "collectorTls.key must be a private key as PEM"],
  [
    "another's key",
    { key: madeCertificate().key },
    "collectorTls.key must be that of the certificate",
  ],
  ["an unknown field", { ports: [] }, "no field but certificate, key, port, got ports"],
])("fails on %s, and shows no value of the key", (_, change, message) => {
  const problems = collectorTlsProblems({ ...good, ...change }, taken);
  expect(problems).toEqual([expect.stringContaining(message)]);
  expect(problems.join()).not.toContain("PRIVATE KEY");
});

test("an uptime check asks by TLS too, and so sees the certificate end", async () => {
  process.env.PULUMI_CONFIG_SECRET_KEYS = '["marketing-stack:collectorTls"]';
  try {
    const registrations = await registrationsOfDev({ collectorTls: good });
    const check = registrations.find(({ path }) => path.endsWith("::uptime-collector-tls"));
    expect(check?.inputs).toMatchObject({
      monitoredResource: { labels: { host: "127.0.0.1" } },
      httpCheck: { port: 30443, useSsl: true, validateSsl: false },
    });
  } finally {
    delete process.env.PULUMI_CONFIG_SECRET_KEYS;
  }
});
