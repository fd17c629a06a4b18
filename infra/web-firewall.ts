import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";

/** Arguments of {@link WebFirewall}. */
export interface WebFirewallArgs {
  /** Google Cloud project. */
  readonly project: string;

  /** Name of the policy: 1-63 characters of `[a-z0-9-]`. */
  readonly policyName: string;

  /** Networks whose requests are let through unseen, as CIDR ranges; at most 10, and not the whole internet. */
  readonly trustedNetworks: readonly string[];

  /** Which of the other requests are refused at once: an expression of Cloud Armor over the request. */
  readonly refused: string;

  /** Sets of Cloud Armor's own rules that refuse attacks, as `sqli-v33-stable`. */
  readonly ruleSets: readonly string[];

  /** How many requests a minute one address may send. */
  readonly requestsPerMinute: number;

  /** What becomes of more: each is answered 429 (`throttle`), or the address is also shut out for ten minutes (`ban`). */
  readonly excess: "throttle" | "ban";

  /** Labels of everything that takes some. */
  readonly labels: Readonly<Record<string, string>>;
}

type Rule = gcp.types.input.compute.SecurityPolicyRule;

const MINUTE = 60;

/** Everybody else: the priority that Cloud Armor gives to its last rule. */
const LAST = 2_147_483_647;

/**
 * What one public service refuses before a request gets to the cluster: a policy of Cloud Armor.
 *
 * Creates one `SecurityPolicy`. In order: trusted networks pass, what is `refused` and what an attack looks like is
 * answered 403, and the rest passes up to a rate for each address.
 *
 * @throws Error if `trustedNetworks` has more than 10 entries, or one that is no CIDR range or the whole internet.
 */
export class WebFirewall extends pulumi.ComponentResource {
  /** Name of the policy. */
  public readonly policy: pulumi.Output<string>;

  constructor(name: string, args: WebFirewallArgs, opts?: pulumi.ComponentResourceOptions) {
    super("marketing-stack:infra:WebFirewall", name, {}, opts);
    requireNetworks(args.trustedNetworks);

    const policy = new gcp.compute.SecurityPolicy(
      name,
      {
        project: args.project,
        name: args.policyName,
        type: "CLOUD_ARMOR",
        advancedOptionsConfig: { jsonParsing: "STANDARD", logLevel: "NORMAL" },
        rules: rulesOf(args),
        labels: args.labels,
      },
      { parent: this },
    );

    this.policy = policy.name;
    this.registerOutputs({ policy: this.policy });
  }
}

function rulesOf(args: WebFirewallArgs): Rule[] {
  const deny = (priority: number, expression: string, description: string): Rule => ({
    action: "deny(403)",
    priority,
    description,
    match: { expr: { expression } },
  });
  const everybody = { versionedExpr: "SRC_IPS_V1", config: { srcIpRanges: ["*"] } };
  const trusted: Rule = {
    action: "allow",
    priority: 1000,
    description: "trusted networks",
    match: { versionedExpr: "SRC_IPS_V1", config: { srcIpRanges: [...args.trustedNetworks] } },
  };
  return [
    ...(args.trustedNetworks.length > 0 ? [trusted] : []),
    deny(2000, args.refused, "not for the public"),
    ...args.ruleSets.map((set, index) =>
      deny(3000 + index, `evaluatePreconfiguredWaf('${set}', {'sensitivity': 1})`, set),
    ),
    {
      action: args.excess === "ban" ? "rate_based_ban" : "throttle",
      priority: LAST - 1,
      description: "rate per address",
      match: everybody,
      rateLimitOptions: {
        conformAction: "allow",
        exceedAction: "deny(429)",
        enforceOnKey: "IP",
        rateLimitThreshold: { count: args.requestsPerMinute, intervalSec: MINUTE },
        ...(args.excess === "ban" && { banDurationSec: 10 * MINUTE }),
      },
    },
    { action: "deny(403)", priority: LAST, description: "default", match: everybody },
  ];
}

function requireNetworks(networks: readonly string[]): void {
  if (networks.length > 10) {
    throw new Error(`trustedNetworks must be at most 10, got ${networks.length}; join some`);
  }
  const wrong = networks.find((network) => !/^[0-9a-f.:]+\/([1-9]\d*)$/.test(network));
  if (wrong !== undefined) {
    throw new Error(
      `trustedNetworks must be CIDR ranges smaller than the internet, got ${JSON.stringify(wrong)}`,
    );
  }
}
