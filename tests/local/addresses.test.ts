import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ownState } from "../commands/own-state.ts";
import { addressesFrom, platformAddresses, rememberAddresses } from "../../local/addresses.ts";

test("ports follow the first one in a fixed order", () => {
  expect(addressesFrom(17_000, "192.0.2.10")).toEqual({
    node: "192.0.2.10",
    ports: {
      apiserver: 17_000,
      etcd: 17_001,
      etcdPeer: 17_002,
      registry: 17_003,
      monitoring: 17_004,
      prometheus: 17_005,
      kubelet: 17_006,
      controllerManager: 17_007,
      scheduler: 17_008,
      kubeProxyHealth: 17_009,
      kubeProxyMetrics: 17_010,
      corednsHealth: 17_011,
      corednsReady: 17_012,
      dns: 17_013,
      kubeletHealth: 17_014,
      alertmanager: 17_015,
      receiver: 17_016,
      receiverSmtp: 17_017,
    },
  });
});

test.each([80, 29_901, 17_000.5, Number.NaN])("fails on %p as the first port", (base) => {
  expect(() => addressesFrom(base, "192.0.2.10")).toThrow(
    `PLATFORM_PORT_BASE must be a whole number from 1024 to 29900, got ${JSON.stringify(base)}`,
  );
});

test.each(["node", "192.0.2", "192.0.2.256", "fd00::1"])(
  "fails on %p as the node's address",
  (node) => {
    expect(() => addressesFrom(17_000, node)).toThrow(
      `PLATFORM_NODE_ADDRESS must be an IPv4 address, got ${JSON.stringify(node)}`,
    );
  },
);

test("fails on a loopback address, which pods cannot reach", () => {
  expect(() => addressesFrom(17_000, "127.0.0.2")).toThrow(
    'PLATFORM_NODE_ADDRESS must not be a loopback address, got "127.0.0.2"',
  );
});

test("what was remembered counts where the environment says nothing, and a torn file does not", async () => {
  const own = addressesFrom(18_000, "192.0.2.20");
  await rememberAddresses(own);
  expect(await platformAddresses({})).toEqual(own);
  expect(readdirSync(ownState)).toEqual(["addresses.json"]);
  writeFileSync(join(ownState, "addresses.json"), '{"portBase":18000,"no');
  expect(await platformAddresses({})).toEqual(addressesFrom(17_000, "192.0.2.10"));
});
