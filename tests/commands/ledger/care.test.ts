import { rmSync } from "node:fs";
import { ownState } from "../own-state.ts";
import { recordCare } from "../../../commands/ledger/care.ts";
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
