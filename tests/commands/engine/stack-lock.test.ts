import "../own-state.ts";
import { deployStack } from "../../../commands/engine/deploy.ts";
import { withStackLock } from "../../../commands/engine/stack-lock.ts";

const progress = { step: () => Promise.reject(new Error("nothing must begin")) };

test("fails to deploy a stack that another command changes, says which and how to end it, and declares nothing", async () => {
  const declare = jest.fn(() => Promise.resolve());
  await withStackLock("prod", async () => {
    await expect(
      deployStack({ stack: "prod", takeOver: false, progress, declare }),
    ).rejects.toThrow(
      new RegExp(
        `^stack prod is being changed by process ${process.pid} of npm run \\S+( -- .+)? since \\d{4}-\\d\\d-\\d\\dT\\S+Z; wait until it has ended, or end it \\(Ctrl-C there, or kill ${process.pid}\\), then run this again$`,
      ),
    );
  });
  expect(declare).not.toHaveBeenCalled();
});

test("other stacks are free, and the same one once the command has ended", async () => {
  const changed: string[] = [];
  await withStackLock("rehearsal", () =>
    withStackLock("prod", async () => void changed.push("prod")),
  );
  await withStackLock("rehearsal", async () => void changed.push("rehearsal"));
  expect(changed).toEqual(["prod", "rehearsal"]);
});
