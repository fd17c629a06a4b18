import { storyLine } from "../../../commands/ledger/story.ts";

const entry = {
  id: "00000000-0000-0000-0000-000000000000",
  environment: "prod",
  subject: "bbbb",
  actor: "ada",
  occurredAt: "2026-11-23T10:00:00.123Z",
  recorded: true,
};

test.each([
  [
    { kind: "deploy" as const, details: { outcome: "succeeded", services: ["cms", "worker"] } },
    "deploy     bbbb succeeded (cms, worker), by ada",
  ],
  [
    { kind: "deploy" as const, details: { outcome: "failed", reason: "first\nsecond" } },
    "deploy     bbbb failed: first, by ada",
  ],
  [{ kind: "promotion" as const, details: { from: null } }, "promotion  bbbb, by ada"],
  [{ kind: "promotion" as const, details: { from: "aaaa" } }, "promotion  aaaa → bbbb, by ada"],
  [
    { kind: "rollback" as const, details: { from: "aaaa", reason: "errors" } },
    "rollback   aaaa → bbbb: errors, by ada",
  ],
  [
    { kind: "gate" as const, details: { kind: "failed", reason: "31 %" } },
    "gate       step bbbb failed: 31 %, by ada",
  ],
])("tells of %j", (what, line) => {
  expect(storyLine({ ...entry, ...what })).toBe(`2026-11-23 10:00:00  ${line}`);
});

test("says what waits for the database, and shows no control characters", () => {
  const change = { kind: "incident" as const, subject: "\u001b[2J", details: {}, recorded: false };
  expect(storyLine({ ...entry, ...change })).toBe(
    "2026-11-23 10:00:00  incident   �[2J, by ada (waits for the database)",
  );
});
