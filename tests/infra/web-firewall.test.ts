import { WebFirewall, type WebFirewallArgs } from "../../infra/web-firewall.ts";
import { registrationsOf } from "../mocks.ts";

const args: WebFirewallArgs = {
  project: "prod-project",
  policyName: "marketing-cms",
  trustedNetworks: ["203.0.113.0/24", "2001:db8::/32"],
  refused: "request.path == '/private'",
  ruleSets: ["sqli-v33-stable"],
  requestsPerMinute: 600,
  excess: "ban",
  labels: { env: "prod" },
};

async function policyOf(changed: Partial<WebFirewallArgs>) {
  const [, policy] = await registrationsOf(() => new WebFirewall("cms", { ...args, ...changed }));
  return policy!;
}

test("lets trusted networks pass, refuses what is private or an attack, and bans who sends too much", async () => {
  const everybody = { config: { srcIpRanges: ["*"] }, versionedExpr: "SRC_IPS_V1" };
  expect(await policyOf({})).toEqual({
    path: "marketing-stack:infra:WebFirewall$gcp:compute/securityPolicy:SecurityPolicy::cms",
    inputs: {
      advancedOptionsConfig: { jsonParsing: "STANDARD", logLevel: "NORMAL" },
      labels: { env: "prod" },
      name: "marketing-cms",
      project: "prod-project",
      rules: [
        {
          action: "allow",
          description: "trusted networks",
          match: {
            config: { srcIpRanges: ["203.0.113.0/24", "2001:db8::/32"] },
            versionedExpr: "SRC_IPS_V1",
          },
          priority: 1000,
        },
        {
          action: "deny(403)",
          description: "not for the public",
          match: { expr: { expression: "request.path == '/private'" } },
          priority: 2000,
        },
        {
          action: "deny(403)",
          description: "sqli-v33-stable",
          match: {
            expr: { expression: "evaluatePreconfiguredWaf('sqli-v33-stable', {'sensitivity': 1})" },
          },
          priority: 3000,
        },
        {
          action: "rate_based_ban",
          description: "rate per address",
          match: everybody,
          priority: 2_147_483_646,
          rateLimitOptions: {
            banDurationSec: 600,
            conformAction: "allow",
            enforceOnKey: "IP",
            exceedAction: "deny(429)",
            rateLimitThreshold: { count: 600, intervalSec: 60 },
          },
        },
        {
          action: "deny(403)",
          description: "default",
          match: everybody,
          priority: 2_147_483_647,
        },
      ],
      type: "CLOUD_ARMOR",
    },
  });
});

test("throttles without a ban, and trusts nobody, if asked to", async () => {
  const { inputs } = await policyOf({ trustedNetworks: [], excess: "throttle" });
  const rules = inputs.rules as { action: string; rateLimitOptions?: object }[];
  expect(rules.map(({ action }) => action)).toEqual([
    "deny(403)",
    "deny(403)",
    "throttle",
    "deny(403)",
  ]);
  expect(rules[2]!.rateLimitOptions).toEqual({
    conformAction: "allow",
    enforceOnKey: "IP",
    exceedAction: "deny(429)",
    rateLimitThreshold: { count: 600, intervalSec: 60 },
  });
});

test.each([
  [["0.0.0.0/0"], 'got "0.0.0.0/0"'],
  [["::/0"], 'got "::/0"'],
  [["*"], 'got "*"'],
  [["203.0.113.7"], 'got "203.0.113.7"'],
])("fails on the trusted networks %j", async (trustedNetworks, message) => {
  await expect(policyOf({ trustedNetworks })).rejects.toThrow(
    `trustedNetworks must be CIDR ranges smaller than the internet, ${message}`,
  );
});

test("fails on more networks than one rule takes", async () => {
  const trustedNetworks = Array.from({ length: 11 }, (_, index) => `10.${index}.0.0/16`);
  await expect(policyOf({ trustedNetworks })).rejects.toThrow(
    "trustedNetworks must be at most 10, got 11; join some",
  );
});
