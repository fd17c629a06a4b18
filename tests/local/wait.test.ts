import { waitFor } from "../../local/wait.ts";

test("a condition that is undefined, false or fails is asked again, and its first other value is the result", async () => {
  const answers = [undefined, false, new Error("not there"), 0];
  const asked: unknown[] = [];
  const result = await waitFor("an answer", 10, async () => {
    const answer = answers[asked.length];
    asked.push(answer);
    if (answer instanceof Error) throw answer;
    return answer;
  });
  expect([result, asked.length]).toEqual([0, 4]);
});

test("fails when the time is over, with what was waited for and the last failure", async () => {
  const never = waitFor("an answer", 0, () => Promise.reject(new Error("not there")));
  await expect(never).rejects.toThrow("an answer not within 0 s: not there");
});
