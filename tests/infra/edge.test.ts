import { Edge } from "../../infra/edge.ts";
import { registrationsOf, type Registration } from "../mocks.ts";
import { protectedBy } from "./protected-by.ts";

const args = {
  project: "prod-project",
  namespace: "prod",
  domain: "marketing.example.com",
  hosts: { cms: "cms.marketing.example.com", collector: "events.marketing.example.com" },
  adminNetworks: ["203.0.113.0/24"],
  protectData: true,
  labels: { env: "prod" },
};
const own = "marketing-stack:infra:Edge";
const certificates = "marketing-stack:infra:PublicCertificates$gcp:certificatemanager";
const gateway = "marketing-stack:infra:PublicGateway$kubernetes";
const google = `${gateway}:networking.gke.io/v1`;
const standard = `${gateway}:gateway.networking.k8s.io/v1`;

let registrations: Registration[];
beforeAll(async () => {
  registrations = await registrationsOf(() => new Edge("edge", args));
});

function inputsOf(path: string): Record<string, unknown> {
  return registrations.find((registration) => registration.path === path)!.inputs;
}

test("creates one way in for the two public services", () => {
  expect(registrations.map(({ path }) => path)).toEqual([
    `${own}::edge`,
    `${own}$gcp:compute/globalAddress:GlobalAddress::edge`,
    `${own}$gcp:compute/sSLPolicy:SSLPolicy::edge`,
    `${own}$gcp:dns/managedZone:ManagedZone::edge`,
    `${own}$gcp:dns/recordSet:RecordSet::edge-cms`,
    `${own}$gcp:dns/recordSet:RecordSet::edge-collector`,
    `${own}$marketing-stack:infra:PublicCertificates::edge-certificates`,
    `${own}$marketing-stack:infra:PublicGateway::edge-gateway`,
    `${own}$marketing-stack:infra:WebFirewall::edge-cms`,
    `${own}$marketing-stack:infra:WebFirewall::edge-collector`,
    `${certificates}/certificate:Certificate::edge-certificates-cms`,
    `${certificates}/certificate:Certificate::edge-certificates-collector`,
    `${certificates}/certificateMap:CertificateMap::edge-certificates`,
    `${certificates}/certificateMapEntry:CertificateMapEntry::edge-certificates-cms`,
    `${certificates}/certificateMapEntry:CertificateMapEntry::edge-certificates-collector`,
    `${certificates}/dnsAuthorization:DnsAuthorization::edge-certificates-cms`,
    `${certificates}/dnsAuthorization:DnsAuthorization::edge-certificates-collector`,
    `marketing-stack:infra:PublicCertificates$gcp:dns/recordSet:RecordSet::edge-certificates-cms`,
    `marketing-stack:infra:PublicCertificates$gcp:dns/recordSet:RecordSet::edge-certificates-collector`,
    `${standard}:Gateway::edge-gateway`,
    `${standard}:HTTPRoute::edge-gateway-cms`,
    `${standard}:HTTPRoute::edge-gateway-collector`,
    `${standard}:HTTPRoute::edge-gateway-redirect`,
    `${google}:GCPBackendPolicy::edge-gateway-cms-backend`,
    `${google}:GCPBackendPolicy::edge-gateway-collector-backend`,
    `${google}:GCPGatewayPolicy::edge-gateway-tls`,
    `${google}:HealthCheckPolicy::edge-gateway-cms-health`,
    `${google}:HealthCheckPolicy::edge-gateway-collector-health`,
    "marketing-stack:infra:WebFirewall$gcp:compute/securityPolicy:SecurityPolicy::edge-cms",
    "marketing-stack:infra:WebFirewall$gcp:compute/securityPolicy:SecurityPolicy::edge-collector",
  ]);
});

test("the domain's zone is signed, and both hosts are at the one address", () => {
  const common = { labels: { env: "prod" }, name: "marketing-stack", project: "prod-project" };
  expect(inputsOf(`${own}$gcp:dns/managedZone:ManagedZone::edge`)).toEqual({
    ...common,
    description: "Managed by Pulumi",
    dnsName: "marketing.example.com.",
    dnssecConfig: { state: "on" },
  });
  expect(inputsOf(`${own}$gcp:compute/globalAddress:GlobalAddress::edge`)).toEqual({
    ...common,
    addressType: "EXTERNAL",
  });
  for (const [service, host] of Object.entries(args.hosts)) {
    expect(inputsOf(`${own}$gcp:dns/recordSet:RecordSet::edge-${service}`)).toEqual({
      managedZone: "marketing-stack",
      name: `${host}.`,
      project: "prod-project",
      rrdatas: ["203.0.113.1"],
      ttl: 300,
      type: "A",
    });
  }
});

test("old TLS is refused", () => {
  expect(inputsOf(`${own}$gcp:compute/sSLPolicy:SSLPolicy::edge`)).toEqual({
    minTlsVersion: "TLS_1_2",
    name: "marketing-stack",
    profile: "MODERN",
    project: "prod-project",
  });
});

interface Rule {
  action: string;
  description: string;
  match: { expr?: { expression: string }; config?: { srcIpRanges: string[] } };
}

function rulesOf(service: string): Rule[] {
  return inputsOf(
    `marketing-stack:infra:WebFirewall$gcp:compute/securityPolicy:SecurityPolicy::edge-${service}`,
  ).rules as Rule[];
}

test("the CMS lets the administrators' networks pass, and bans others that send too much", () => {
  const rules = rulesOf("cms");
  expect(rules[0]!.match.config).toEqual({ srcIpRanges: ["203.0.113.0/24"] });
  expect(rules.map(({ action, description }) => `${action} ${description}`)).toEqual([
    "allow trusted networks",
    "deny(403) not for the public",
    "deny(403) sqli-v33-stable",
    "deny(403) xss-v33-stable",
    "deny(403) lfi-v33-stable",
    "deny(403) rce-v33-stable",
    "deny(403) protocolattack-v33-stable",
    "deny(403) scannerdetection-v33-stable",
    "deny(403) cve-canary",
    "rate_based_ban rate per address",
    "deny(403) default",
  ]);
});

test("the collector trusts nobody, and slows down who sends too much", () => {
  expect(rulesOf("collector").map(({ action, description }) => `${action} ${description}`)).toEqual(
    [
      "deny(403) not for the public",
      "deny(403) scannerdetection-v33-stable",
      "deny(403) cve-canary",
      "throttle rate per address",
      "deny(403) default",
    ],
  );
});

test.each([
  ["cms", "/api/pages", false],
  ["cms", "/uploads/logo.png", false],
  ["cms", "/healthz/ready", false],
  ["cms", "/", true],
  ["cms", "/admin", true],
  ["cms", "/ADMIN/auth/login", true],
  ["cms", "/content-manager/collection-types", true],
  ["cms", "/upload", true],
  ["cms", "/metrics", true],
  ["cms", "/healthz/live", true],
  ["collector", "/v1/batch", false],
  ["collector", "/healthz/ready", false],
  ["collector", "/metrics", true],
  ["collector", "/METRICS", true],
])("the public's request to %s for %s: refused is %s", (service, path, isRefused) => {
  const { expression } = rulesOf(service).find(
    ({ description }) => description === "not for the public",
  )!.match.expr!;
  // This much of Cloud Armor's language is JavaScript as well.
  const refuses = new Function(
    "request",
    `return ${expression.replaceAll(".lower()", ".toLowerCase()")}`,
  ) as (request: { path: string }) => boolean;
  expect(refuses({ path })).toBe(isRefused);
});

test.each([
  [true, ["gcp:dns/managedZone:ManagedZone::edge"]],
  [false, []],
])("with protectData %s protects %j", async (protectData, resources) => {
  expect(await protectedBy((opts) => new Edge("edge", { ...args, protectData }, opts))).toEqual(
    resources,
  );
});

test("fails on a host outside the domain", async () => {
  const hosts = { ...args.hosts, cms: "cms.example.org" };
  await expect(registrationsOf(() => new Edge("edge", { ...args, hosts }))).rejects.toThrow(
    'hosts.cms must be in marketing.example.com, got "cms.example.org"',
  );
});
