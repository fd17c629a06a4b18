import { rmSync } from "node:fs";
import { ownState } from "../own-state.ts";
import { recordCare, recordedCare } from "../../../commands/ledger/care.ts";
import { waitingChanges } from "../../../commands/ledger/outbox.ts";

afterEach(() => rmSync(ownState, { recursive: true, force: true }));

test("a backup is kept with the moment in which it began, and waits where the database is out of reach", async () => {
  const begun = new Date("2026-01-02T03:04:05Z");
  expect(
    await recordCare({ kind: "backup", stack: "prod", outcome: "succeeded", begun }, undefined),
  ).toBe(
    "The backup of prod that succeeded waits for the database (it is not reached from this machine).",
  );
  expect(await waitingChanges("prod")).toEqual([
    {
      id: expect.any(String),
      kind: "backup",
      environment: "prod",
      subject: "prod",
      actor: expect.any(String),
      occurredAt: "2026-01-02T03:04:05.000Z",
      details: { outcome: "succeeded" },
    },
  ]);
});

test("one that failed is kept with its reason", async () => {
  await recordCare(
    { kind: "restore-drill", stack: "prod", outcome: "failed", reason: "no such file" },
    undefined,
  );
  expect(await waitingChanges("prod")).toMatchObject([
    { kind: "restore-drill", details: { outcome: "failed", reason: "no such file" } },
  ]);
});

test("what is done is kept with how it ended", async () => {
  const care = { kind: "restore", stack: "prod", reason: "monday.sql" } as const;
  expect(await recordedCare(care, undefined, async () => 3)).toMatchObject({
    done: 3,
    said: expect.stringContaining("The restore of prod that succeeded"),
  });
  const broken = recordedCare(care, undefined, async () => Promise.reject(new Error("no disk")));
  await expect(broken).rejects.toThrow("no disk");
  expect((await waitingChanges("prod")).map(({ details }) => details)).toEqual([
    { outcome: "succeeded", reason: "monday.sql" },
    { outcome: "failed", reason: "no disk" },
  ]);
});
