import { interfaceWith } from "../../../local/cluster/network.ts";

const interfaces = [
  { ifname: "lo", addr_info: [{ local: "127.0.0.1" }, { local: "192.0.2.10" }] },
  { ifname: "eth0", addr_info: [{ local: "10.0.0.5" }] },
  // What `ip -json -4` prints for an interface without such addresses.
  {},
];

test.each([
  ["192.0.2.10", "lo"],
  ["10.0.0.5", "eth0"],
  ["192.0.2.1", undefined],
])("%s is held by %s", (address, holder) => {
  expect(interfaceWith(address, interfaces)).toBe(holder);
});
