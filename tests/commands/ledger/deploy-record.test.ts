import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ownState } from "../own-state.ts";
import { recordedDeploy, type Deployed } from "../../../commands/ledger/deploy-record.ts";
import { waitingChanges } from "../../../commands/ledger/outbox.ts";

const deployed: Deployed = {
  environment: "prod",
  release: "0123456789abcdef",
  committedAt: new Date(Date.now() - 60_000),
};
const begun = join(ownState, "stacks", "prod", "deploy-begun.json");
afterEach(() => rmSync(ownState, { recursive: true, force: true }));

const urn = (component: string) =>
  `urn:pulumi:prod::marketing-stack::marketing-stack:infra:${component}$kubernetes:helm.sh/v4:Chart::x`;

test("a deploy is one row with its release, the services that it touched and its lead time", async () => {
  const result = await recordedDeploy(deployed, async (onChange) => {
    for (const component of ["Worker", "Cms", "Worker", "AlertPolicies"]) onChange(urn(component));
    expect(existsSync(begun)).toBe(true);
    return { result: "done", unchanged: false };
  });
  expect(result).toBe("done");
  const [change, ...others] = await waitingChanges("prod");
  expect(others).toEqual([]);
  expect(change).toMatchObject({
    kind: "deploy",
    subject: "0123456789abcdef",
    details: { outcome: "succeeded", services: ["cms", "worker"], release: "0123456789abcdef" },
  });
  expect(change!.details.leadTimeSeconds).toBeGreaterThanOrEqual(60);
  expect(existsSync(begun)).toBe(false);
});

test("an up that changes nothing is no deploy", async () => {
  await recordedDeploy(deployed, async () => ({ result: undefined, unchanged: true }));
  expect(await waitingChanges("prod")).toEqual([]);
});

test("fails with the deploy's error, which the row keeps as reason", async () => {
  const failing = recordedDeploy({ ...deployed, release: undefined }, async (onChange) => {
    onChange(urn("Collector"));
    throw new Error("the collector is not ready");
  });
  await expect(failing).rejects.toThrow("the collector is not ready");
  expect(await waitingChanges("prod")).toMatchObject([
    {
      subject: "prod",
      details: {
        outcome: "failed",
        services: ["collector"],
        release: null,
        reason: "the collector is not ready",
      },
    },
  ]);
});

test("a deploy that was killed is recorded by the next one, once", async () => {
  let left = "";
  await recordedDeploy(deployed, async () => {
    left = readFileSync(begun, "utf8");
    return { result: undefined, unchanged: true };
  });
  writeFileSync(begun, left);
  for (let run = 0; run < 2; run += 1) {
    await recordedDeploy(deployed, async () => ({ result: undefined, unchanged: true }));
  }
  expect(await waitingChanges("prod")).toMatchObject([
    { kind: "deploy", details: { outcome: "failed", reason: "the deploy was killed" } },
  ]);
});
