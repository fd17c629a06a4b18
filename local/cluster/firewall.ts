import { podNetwork } from "./plan.ts";

/** Prefix of the platform's own chains. */
const PREFIX = "MARKETING-STACK";

/** A chain of the platform and the built-in chain that jumps to it first. */
export interface Chain {
  readonly table: "filter" | "nat" | "raw";
  readonly from: "PREROUTING" | "INPUT" | "FORWARD" | "POSTROUTING";
  readonly name: string;
  /** Rules in iptables' own words, after the chain's name. */
  readonly rules: readonly string[];
}

/**
 * What may reach the platform: this machine and its pods, nobody else, although the node's address answers on every
 * interface and kube-proxy lets loopback addresses be routed. Pods may call out, as this machine.
 */
export function platformChains(node: string): Chain[] {
  const pods = `-i veth+ -s ${podNetwork}`;
  return [
    {
      table: "raw",
      from: "PREROUTING",
      name: `${PREFIX}-LOOPBACK`,
      rules: ["! -i lo -d 127.0.0.0/8 -j DROP"],
    },
    {
      table: "filter",
      from: "INPUT",
      name: `${PREFIX}-INPUT`,
      rules: [`-d ${node} -i lo -j ACCEPT`, `-d ${node} ${pods} -j ACCEPT`, `-d ${node} -j DROP`],
    },
    {
      table: "filter",
      from: "FORWARD",
      name: `${PREFIX}-FORWARD`,
      rules: [
        `${pods} -j ACCEPT`,
        `-d ${podNetwork} -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT`,
        `-d ${podNetwork} -j DROP`,
      ],
    },
    {
      table: "nat",
      from: "POSTROUTING",
      name: `${PREFIX}-EGRESS`,
      rules: [`-s ${podNetwork} ! -d ${podNetwork} ! -o lo -j MASQUERADE`],
    },
  ];
}

/** Input of `iptables-restore --noflush` that makes `chains`; `present` is what `iptables-save` says now. */
export function restoreScript(chains: readonly Chain[], present: string): string {
  const installed = tablesOf(present);
  return chains
    .map(({ table, from, name, rules }) => {
      const jump = `-A ${from} -j ${name}`;
      return [
        `*${table}`,
        `:${name} - [0:0]`,
        ...rules.map((rule) => `-A ${name} ${rule}`),
        ...(installed.get(table)?.includes(jump) ? [] : [`-I ${from} 1 -j ${name}`]),
        "COMMIT",
        "",
      ].join("\n");
    })
    .join("");
}

/**
 * Input of `iptables-restore --noflush` that removes every chain of the platform and of Kubernetes (`KUBE-*`), and
 * the rules of other chains that jump to them; empty when there are none.
 */
export function removalScript(present: string): string {
  return [...tablesOf(present)]
    .map(([table, lines]) => {
      const chains = lines.flatMap(
        (line) => /^:((?:KUBE|MARKETING-STACK)-\S+) /.exec(line)?.[1] ?? [],
      );
      if (chains.length === 0) return "";
      const jumps = lines.filter((line) => {
        const [, chain, target] = /^-A (\S+) .*-j (\S+)/.exec(line) ?? [];
        return target && chains.includes(target) && !chains.includes(chain!);
      });
      return [
        `*${table}`,
        ...jumps.map((jump) => jump.replace(/^-A/, "-D")),
        ...chains.map((chain) => `-F ${chain}`),
        ...chains.map((chain) => `-X ${chain}`),
        "COMMIT",
        "",
      ].join("\n");
    })
    .join("");
}

/** Whether `iptables-save` shows chains of a Kubernetes. */
export function hasKubernetesChains(present: string): boolean {
  return /^:KUBE-/m.test(present);
}

function tablesOf(present: string): Map<string, string[]> {
  const tables = new Map<string, string[]>();
  let lines: string[] = [];
  for (const line of present.split("\n")) {
    if (line.startsWith("*")) tables.set(line.slice(1), (lines = []));
    else if (line.startsWith(":") || line.startsWith("-A")) lines.push(line);
  }
  return tables;
}
