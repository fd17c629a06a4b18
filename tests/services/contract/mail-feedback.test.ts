import { unsubscribedMessage, unsubscribeToken } from "../../../services/contract/mail-feedback.ts";

const KEY = "K".repeat(32);
const MESSAGE = "0f8fad5b-d9cb-869f-a165-70867728950e";

test("a token names its message, and only to who has the key", () => {
  const token = unsubscribeToken(KEY, MESSAGE);
  expect(token).toMatch(/^[A-Za-z0-9_-]{64}$/);
  expect(unsubscribedMessage(KEY, token)).toBe(MESSAGE);
  expect(unsubscribedMessage("k".repeat(32), token)).toBeUndefined();
});

test("a token changed anywhere names nothing", () => {
  const token = unsubscribeToken(KEY, MESSAGE);
  for (let at = 0; at < token.length; at += 1) {
    const other = token[at] === "A" ? "B" : "A";
    expect(
      unsubscribedMessage(KEY, token.slice(0, at) + other + token.slice(at + 1)),
    ).toBeUndefined();
  }
});

test.each(["", "A", "A".repeat(64), "A".repeat(10_000), "="])("%j names nothing", (token) => {
  expect(unsubscribedMessage(KEY, token)).toBeUndefined();
  expect(unsubscribedMessage(KEY, `${unsubscribeToken(KEY, MESSAGE)}${token}=`)).toBeUndefined();
});

test.each(["", "user:ana", MESSAGE.toUpperCase()])("fails on message %j", (message) => {
  expect(() => unsubscribeToken(KEY, message)).toThrow(
    `message must be a UUID in lower case, got ${JSON.stringify(message)}`,
  );
});
