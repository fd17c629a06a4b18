import { PublicCertificates } from "../../infra/public-certificates.ts";
import { registrationsOf } from "../mocks.ts";

test("creates a map, and for each host a certificate with the record that proves who owns the name", async () => {
  const args = {
    project: "prod-project",
    zone: "zone",
    hosts: { cms: "cms.example.com" },
    labels: { env: "prod" },
  };
  const own = "marketing-stack:infra:PublicCertificates";
  const common = { labels: { env: "prod" }, project: "prod-project" };
  expect(await registrationsOf(() => new PublicCertificates("tls", args))).toEqual([
    { path: `${own}::tls`, inputs: {} },
    {
      path: `${own}$gcp:certificatemanager/certificate:Certificate::tls-cms`,
      inputs: {
        ...common,
        managed: { dnsAuthorizations: ["tls-cms-id"], domains: ["cms.example.com"] },
        name: "marketing-cms",
      },
    },
    {
      path: `${own}$gcp:certificatemanager/certificateMap:CertificateMap::tls`,
      inputs: { ...common, name: "marketing-stack" },
    },
    {
      path: `${own}$gcp:certificatemanager/certificateMapEntry:CertificateMapEntry::tls-cms`,
      inputs: {
        ...common,
        certificates: ["tls-cms-id"],
        hostname: "cms.example.com",
        map: "marketing-stack",
        name: "marketing-cms",
      },
    },
    {
      path: `${own}$gcp:certificatemanager/dnsAuthorization:DnsAuthorization::tls-cms`,
      inputs: { ...common, domain: "cms.example.com", name: "marketing-cms" },
    },
    {
      path: `${own}$gcp:dns/recordSet:RecordSet::tls-cms`,
      inputs: {
        managedZone: "zone",
        name: "_acme.cms.example.com.",
        project: "prod-project",
        rrdatas: ["marketing-cms.example."],
        ttl: 300,
        type: "CNAME",
      },
    },
  ]);
});
