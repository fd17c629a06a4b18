import { digestId } from "../../../services/contract/event-id.ts";

test("the same event has the same id", () => {
  expect(digestId({ event: "Signup", userId: "u" })).toBe(
    digestId({ event: "Signup", userId: "u" }),
  );
});

test("another event has another id", () => {
  expect(digestId({ event: "Signup", userId: "u" })).not.toBe(
    digestId({ event: "Signup", userId: "v" }),
  );
});

test("an id is short enough for the contract", () => {
  expect(digestId({ event: "x".repeat(10_000) })).toMatch(/^sha256-[0-9a-f]{64}$/);
});
