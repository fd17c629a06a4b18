import { scratch } from "./scratch.ts";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { withLock } from "../../../local/toolchain/lock.ts";

const path = join(scratch, "locks", "a");
const ignore = (): void => undefined;

test("one holder at a time, the next when it has ended", async () => {
  const seen: string[] = [];
  let release: () => void = ignore;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const first = withLock(path, ignore, async () => {
    seen.push("first in");
    await held;
    seen.push("first out");
  });
  const second = withLock(
    path,
    () => {
      seen.push("second waits");
      release();
    },
    async () => void seen.push("second in"),
  );
  await Promise.all([first, second]);
  expect(seen).toEqual(["first in", "second waits", "first out", "second in"]);
});

test("an error of the work passes through and frees the lock", async () => {
  const fails = withLock(path, ignore, () => Promise.reject(new Error("of the work")));
  await expect(fails).rejects.toThrow("of the work");
  expect(await withLock(path, ignore, () => Promise.resolve("free"))).toBe("free");
});

test("the lock of a holder that was killed is free", async () => {
  const script = `
    import { withLock } from ${JSON.stringify(join(process.cwd(), "local/toolchain/lock.ts"))};
    await withLock(${JSON.stringify(path)}, () => {}, () => {
      process.stdout.write("held");
      return new Promise((resolve) => setTimeout(resolve, 1e6));
    });`;
  const holder = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(holder.stdout, "data");
  holder.kill("SIGKILL");
  expect(await withLock(path, ignore, () => Promise.resolve("free"))).toBe("free");
});
