import { isWell, resultTable, type Result } from "../../../commands/drill/result.ts";

const kept: Result = {
  alert: "CmsDown",
  drilled: true,
  fired: true,
  seconds: 151.2,
  promisedSeconds: 240,
  reason: null,
};
const silent: Result = {
  ...kept,
  alert: "WorkerDown",
  fired: false,
  seconds: null,
  reason: "no notification arrived within 240 s",
};
const lasting: Result = {
  ...kept,
  alert: "CollectorDown",
  reason: "it did not end within 180 s of healing",
};
const left: Result = {
  ...silent,
  alert: "DatabaseDiskFilling",
  drilled: false,
  reason: "One machine has no Cloud SQL.",
};

test("an alert is well that fired and ended in time, or is not drilled for a reason", () => {
  expect([kept, silent, lasting, left].map(isWell)).toEqual([true, false, false, true]);
});

test("the table says what fired when, what did not, and why", () => {
  expect(resultTable([kept, silent, lasting, left])).toBe(
    `✓ CmsDown              fired after 151.2 s, promised within 240 s
✗ WorkerDown           no notification arrived within 240 s
✗ CollectorDown        fired after 151.2 s, promised within 240 s; it did not end within 180 s of healing
– DatabaseDiskFilling  One machine has no Cloud SQL.
1 of 3 drilled alerts kept their promise; 1 are not drilled`,
  );
});
