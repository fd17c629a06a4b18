import { scratch } from "./scratch.ts";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { missingMessage } from "../../../local/toolchain/debian.ts";
import { debianPackages } from "../../../local/toolchain/debian-packages.ts";
import { keepServicesStopped, removeLeftPolicy } from "../../../local/toolchain/policy-rc.ts";

const two = debianPackages.filter(({ name }) => ["etcd-server", "runit"].includes(name));
const policy = join(scratch, "policy-rc.d");

test("who is not root is told what is missing and the command", () => {
  expect(missingMessage(two, true)).toBe(
    "the machine must have the Debian packages etcd-server runit, got none of these; run as root, or first: sudo apt-get install --no-install-recommends etcd-server runit",
  );
});

test("another system is told the programs that are missing", () => {
  expect(missingMessage(two, false)).toMatch(
    /^the machine must have etcd \(Debian's etcd-server\), runsvdir \(Debian's runit\), got none/,
  );
});

test("services are kept stopped while packages are installed, not longer", async () => {
  await keepServicesStopped(async () => {
    expect(readFileSync(policy, "utf8")).toMatch(/^#!\/bin\/sh\n.*\nexit 101\n$/);
    expect(statSync(policy).mode & 0o111).not.toBe(0);
  }, policy);
  expect(existsSync(policy)).toBe(false);
});

test("an installation that fails leaves no policy", async () => {
  const fails = keepServicesStopped(() => Promise.reject(new Error("apt")), policy);
  await expect(fails).rejects.toThrow("apt");
  expect(existsSync(policy)).toBe(false);
});

test("the machine's own policy is left as it is", async () => {
  writeFileSync(policy, "#!/bin/sh\nexit 0\n");
  await keepServicesStopped(() => Promise.resolve(), policy);
  removeLeftPolicy(policy);
  expect(readFileSync(policy, "utf8")).toBe("#!/bin/sh\nexit 0\n");
});

test("the policy that a killed run left is removed", async () => {
  const left = join(scratch, "left");
  await keepServicesStopped(() => Promise.resolve(writeFileSync(policy, readFileSync(left))), left);
  removeLeftPolicy(policy);
  expect(existsSync(policy)).toBe(false);
});
