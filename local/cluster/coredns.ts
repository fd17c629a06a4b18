import { join } from "node:path";
import { statePath } from "../paths.ts";
import { listening, type Service } from "../supervisor/service.ts";
import { kubeconfigFor } from "./kubeconfig.ts";
import { apiserverUrl, clusterDomain, type Plan } from "./plan.ts";
import { answers } from "./probe.ts";

/** User as whom CoreDNS watches Services. */
export const dnsUser = "coredns";

/** Names for pods: Services by CoreDNS itself, the rest by whom this machine asks. */
export async function coredns({ bin, addresses }: Plan): Promise<Service> {
  const { node, ports } = addresses;
  const corefile = join(statePath, "config", "Corefile");
  const kubeconfig = join(statePath, "config", "coredns.kubeconfig");
  return {
    name: "coredns",
    needs: [listening(node, ports.apiserver)],
    files: {
      [kubeconfig]: await kubeconfigFor(apiserverUrl(addresses), dnsUser),
      [corefile]: `.:${ports.dns} {
  bind ${node}
  health 127.0.0.1:${ports.corednsHealth}
  ready 127.0.0.1:${ports.corednsReady}
  errors
  cache 30
  kubernetes ${clusterDomain} in-addr.arpa ip6.arpa {
    kubeconfig ${kubeconfig}
    pods disabled
    ttl 5
    fallthrough in-addr.arpa ip6.arpa
  }
  forward . /etc/resolv.conf
}
`,
    },
    environment: { GOGC: "60" },
    isReady: () => answers(`http://127.0.0.1:${ports.corednsReady}/ready`),
    command: [join(bin, "coredns"), "-conf", corefile, "-quiet"],
  };
}
