import { scratch } from "./scratch.ts";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { withFreeLock, withLock } from "../../../local/toolchain/lock.ts";

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

describe("a lock that nobody waits for", () => {
  const heldBy = (note: string): Error => new Error(`held by ${note}`);

  test("is refused at once with the holder's note, and free when that one has ended", async () => {
    const second = jest.fn(() => Promise.resolve());
    await withFreeLock(path, { note: "the first", heldBy }, async () => {
      await expect(withFreeLock(path, { note: "the second", heldBy }, second)).rejects.toThrow(
        "held by the first",
      );
    });
    expect(second).not.toHaveBeenCalled();
    await withFreeLock(path, { note: "the second", heldBy }, second);
    expect(second).toHaveBeenCalledTimes(1);
  });

  test("an error of the work passes through and frees it", async () => {
    const fails = withFreeLock(path, { note: "", heldBy }, () =>
      Promise.reject(new Error("of the work")),
    );
    await expect(fails).rejects.toThrow("of the work");
    expect(await withLock(path, ignore, () => Promise.resolve("free"))).toBe("free");
  });

  test("work that removes the lock's folder ends well", async () => {
    const own = join(scratch, "removed", "lock");
    await withFreeLock(own, { note: "removes", heldBy }, () =>
      rm(join(scratch, "removed"), { recursive: true }),
    );
    expect(existsSync(own)).toBe(false);
  });
});

test("Ctrl-C in a terminal leaves the lock to a holder that goes on", async () => {
  const script = `
    import { withLock } from ${JSON.stringify(join(process.cwd(), "local/toolchain/lock.ts"))};
    process.on("SIGINT", () => process.stdout.write("goes on"));
    await withLock(${JSON.stringify(path)}, () => {}, () => {
      process.stdout.write("held");
      return new Promise((resolve) => setTimeout(resolve, 1e6));
    });`;
  const holder = spawn(process.execPath, ["--input-type=module", "-e", script], {
    // A process group of its own: a terminal tells all of one.
    detached: true,
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    await once(holder.stdout, "data");
    process.kill(-holder.pid!, "SIGINT");
    await once(holder.stdout, "data");
    const heldBy = (): Error => new Error("held");
    await expect(withFreeLock(path, { note: "", heldBy }, async () => undefined)).rejects.toThrow(
      "held",
    );
  } finally {
    holder.kill("SIGKILL");
  }
  expect(await withLock(path, ignore, () => Promise.resolve("free"))).toBe("free");
});
