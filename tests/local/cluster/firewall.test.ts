import {
  hasKubernetesChains,
  platformChains,
  removalScript,
  restoreScript,
} from "../../../local/cluster/firewall.ts";

const clean = `*filter
:INPUT ACCEPT [0:0]
:FORWARD ACCEPT [0:0]
-A INPUT -p tcp --dport 22 -j ACCEPT
COMMIT
`;

const used = `*nat
:PREROUTING ACCEPT [0:0]
:DOCKER - [0:0]
:KUBE-SERVICES - [0:0]
:KUBE-SVC-A - [0:0]
-A PREROUTING -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
-A KUBE-SERVICES -d 10.96.0.1/32 -j KUBE-SVC-A
COMMIT
*filter
:INPUT ACCEPT [0:0]
:MARKETING-STACK-INPUT - [0:0]
-A INPUT -j MARKETING-STACK-INPUT
-A MARKETING-STACK-INPUT -d 192.0.2.10/32 -j DROP
COMMIT
`;

test("nobody but this machine and its pods reaches the node's address", () => {
  const input = platformChains("192.0.2.10").find(({ from }) => from === "INPUT")!;
  expect(input.rules).toEqual([
    "-d 192.0.2.10 -i lo -j ACCEPT",
    "-d 192.0.2.10 -i veth+ -s 10.244.0.0/16 -j ACCEPT",
    "-d 192.0.2.10 -j DROP",
  ]);
});

test("a chain is jumped to before all other rules, once", () => {
  const chains = platformChains("192.0.2.10").filter(({ from }) => from === "INPUT");
  expect(restoreScript(chains, clean)).toContain("-I INPUT 1 -j MARKETING-STACK-INPUT\nCOMMIT\n");
  expect(restoreScript(chains, used)).not.toContain("-I INPUT");
});

test("removing takes away the chains of Kubernetes and ours, and the jumps to them, and nothing else", () => {
  expect(removalScript(used)).toBe(`*nat
-D PREROUTING -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
-F KUBE-SERVICES
-F KUBE-SVC-A
-X KUBE-SERVICES
-X KUBE-SVC-A
COMMIT
*filter
-D INPUT -j MARKETING-STACK-INPUT
-F MARKETING-STACK-INPUT
-X MARKETING-STACK-INPUT
COMMIT
`);
});

test("there is nothing to remove where there are no chains", () => {
  expect(removalScript(clean)).toBe("");
});

test("a Kubernetes is recognised by its chains", () => {
  expect([hasKubernetesChains(used), hasKubernetesChains(clean)]).toEqual([true, false]);
});
