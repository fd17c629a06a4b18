import { PublicGateway } from "../../infra/public-gateway.ts";
import { registrationsOf } from "../mocks.ts";

test("serves each host by HTTPS through its firewall, and sends plain HTTP there", async () => {
  const args = {
    namespace: "prod",
    address: "address",
    certificateMap: "map",
    tlsPolicy: "tls",
    services: { cms: { host: "cms.example.com", port: 1337, firewall: "armor" } },
  };
  const own = "marketing-stack:infra:PublicGateway";
  const standard = "gateway.networking.k8s.io/v1";
  const google = "networking.gke.io/v1";
  const object = (apiVersion: string, kind: string, name: string, child: string, spec: object) => ({
    path: `${own}$kubernetes:${apiVersion}:${kind}::${child}`,
    inputs: { apiVersion, kind, metadata: { name, namespace: "prod" }, spec },
  });
  const targetRef = { group: "", kind: "Service", name: "cms" };
  expect(await registrationsOf(() => new PublicGateway("gateway", args))).toEqual([
    { path: `${own}::gateway`, inputs: {} },
    {
      path: `${own}$kubernetes:${standard}:Gateway::gateway`,
      inputs: {
        apiVersion: standard,
        kind: "Gateway",
        metadata: {
          annotations: { "networking.gke.io/certmap": "map" },
          name: "public",
          namespace: "prod",
        },
        spec: {
          addresses: [{ type: "NamedAddress", value: "address" }],
          gatewayClassName: "gke-l7-global-external-managed",
          listeners: [
            { name: "https", port: 443, protocol: "HTTPS" },
            { name: "http", port: 80, protocol: "HTTP" },
          ],
        },
      },
    },
    object(standard, "HTTPRoute", "cms", "gateway-cms", {
      hostnames: ["cms.example.com"],
      parentRefs: [{ name: "public", sectionName: "https" }],
      rules: [{ backendRefs: [{ name: "cms", port: 1337 }] }],
    }),
    object(standard, "HTTPRoute", "redirect-to-https", "gateway-redirect", {
      hostnames: ["cms.example.com"],
      parentRefs: [{ name: "public", sectionName: "http" }],
      rules: [
        {
          filters: [
            { requestRedirect: { scheme: "https", statusCode: 301 }, type: "RequestRedirect" },
          ],
        },
      ],
    }),
    object(google, "GCPBackendPolicy", "cms", "gateway-cms-backend", {
      default: {
        connectionDraining: { drainingTimeoutSec: 60 },
        logging: { enabled: true },
        securityPolicy: "armor",
        timeoutSec: 60,
      },
      targetRef,
    }),
    object(google, "GCPGatewayPolicy", "public", "gateway-tls", {
      default: { sslPolicy: "tls" },
      targetRef: { group: "gateway.networking.k8s.io", kind: "Gateway", name: "public" },
    }),
    object(google, "HealthCheckPolicy", "cms", "gateway-cms-health", {
      default: {
        checkIntervalSec: 5,
        config: {
          httpHealthCheck: {
            portSpecification: "USE_SERVING_PORT",
            requestPath: "/healthz/ready",
          },
          type: "HTTP",
        },
        timeoutSec: 3,
      },
      targetRef,
    }),
  ]);
});
