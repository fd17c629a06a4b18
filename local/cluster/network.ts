import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";
import { platformChains, removalScript, restoreScript } from "./firewall.ts";
import { podNetwork } from "./plan.ts";

const run = promisify(execFile);

/** Each pod has a route of its own: without this one, what is sent to a pod that is gone would leave the machine. */
const NO_POD = ["unreachable", podNetwork];

/**
 * Gives this machine the node's address, a dead end for pods that are gone, and the rules that keep others away from it;
 * what is there already stays.
 *
 * @throws Error if another interface has the address.
 */
export async function raiseNetwork(node: string): Promise<void> {
  const holder = interfaceWith(
    node,
    JSON.parse((await run("ip", ["-json", "-4", "address"])).stdout),
  );
  if (holder && holder !== "lo") {
    throw new Error(
      `the node's address must be free, got ${node} on interface ${holder}; set PLATFORM_NODE_ADDRESS to another one`,
    );
  }
  if (!holder) await run("ip", ["address", "add", `${node}/32`, "dev", "lo"]);
  await run("ip", ["route", "replace", ...NO_POD]);
  await restore("iptables", restoreScript(platformChains(node), await saved("iptables")));
}

/** Takes back what {@link raiseNetwork} and kube-proxy did. */
export async function lowerNetwork(node: string): Promise<void> {
  for (const program of ["iptables", "ip6tables"]) {
    const script = removalScript(await saved(program));
    if (script) await restore(program, script);
  }
  const holder = interfaceWith(
    node,
    JSON.parse((await run("ip", ["-json", "-4", "address"])).stdout),
  );
  if (holder === "lo") await run("ip", ["address", "delete", `${node}/32`, "dev", "lo"]);
  const deadEnd = await run("ip", ["route", "show", "type", "unreachable", "exact", podNetwork]);
  if (deadEnd.stdout.trim() !== "") await run("ip", ["route", "delete", ...NO_POD]);
}

/** All rules of this machine, as `<program>-save` prints them; empty where the kernel has none of the kind. */
export async function saved(program: string): Promise<string> {
  return run(`${program}-save`, { maxBuffer: 64 * 1024 * 1024 }).then(
    ({ stdout }) => stdout,
    () => "",
  );
}

/** Name of the interface that has `address`, among what `ip -json address` prints. */
export function interfaceWith(
  address: string,
  interfaces: readonly {
    readonly ifname?: string;
    readonly addr_info?: readonly { readonly local?: string }[];
  }[],
): string | undefined {
  return interfaces.find(({ addr_info = [] }) => addr_info.some(({ local }) => local === address))
    ?.ifname;
}

async function restore(program: string, script: string): Promise<void> {
  const child = spawn(`${program}-restore`, ["--noflush", "--wait"], {
    stdio: ["pipe", "ignore", "pipe"],
  });
  const errors = text(child.stderr);
  child.stdin.end(script);
  const [code] = await once(child, "exit");
  if (code !== 0)
    throw new Error(`${program}-restore ended with status ${code}: ${(await errors).trim()}`);
}
