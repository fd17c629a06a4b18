import { rotationReport } from "../../../commands/rotation/report.ts";
import { secretsTable } from "../../../commands/rotation/table.ts";

const secrets = {
  token: { length: 32, purpose: "opens the door", notice: "People knock again" },
  key: { length: 32, purpose: "lets SDKs send", handedOut: true },
};

test("the table says of each secret when it was changed and what it does", () => {
  const deployed = {
    token: { generations: [1], changedAt: new Date("2026-11-20T10:00:00Z") },
    key: { generations: [1, 0], changedAt: undefined },
  };
  expect(secretsTable(secrets, deployed).split("\n")).toEqual([
    "SECRET  CHANGED     WHAT IT DOES",
    "token   2026-11-20  opens the door",
    "key     -           lets SDKs send; the former one is valid until --retire",
  ]);
});

test("a stack that was never deployed lists the same secrets", () => {
  expect(secretsTable(secrets, {})).toContain("token   -        opens the door");
});

test("the report says what became of the former values, and how to end the one that was handed out", () => {
  const report = rotationReport({
    stack: "test-a",
    names: ["token", "key"],
    secrets,
    retire: false,
  });
  expect(report).toContain("  token: the former value is refused; People knock again.\n");
  expect(report).toContain(
    "  key: the former value works on; npm run rotate -- key --retire --stack test-a ends it.\n",
  );
  expect(report).toContain("Pulumi.test-a.yaml has changed: commit it.");
});

test("the report of a retirement says that the former value is refused", () => {
  const report = rotationReport({ stack: "dev", names: ["key"], secrets, retire: true });
  expect(report).toContain("Retired in stack dev");
  expect(report).toContain("  key: the former value is refused.\n");
});
