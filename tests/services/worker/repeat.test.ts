import { pino } from "pino";
import { repeat } from "../../../services/worker/repeat.ts";

test("what is repeated goes on through failures, and says so once", async () => {
  const lines: string[] = [];
  const log = pino(
    {},
    { write: (line: string) => lines.push((JSON.parse(line) as { msg: string }).msg) },
  );
  let steps = 0;
  await new Promise<void>((resolve) => {
    const repeated = repeat({ what: "it is done", interval: 1, log }, async () => {
      steps += 1;
      if (steps === 5) void repeated.stop().then(resolve);
      if (steps > 1 && steps < 4) throw new Error("away");
    });
  });
  expect(lines).toEqual(["failed: it is done", "it is done, again"]);
});
