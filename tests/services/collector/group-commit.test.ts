import { GroupCommit } from "../../../services/collector/group-commit.ts";

/** A commit whose writes end when the test says so. */
function held(): { commit: GroupCommit; written: string[]; end(error?: Error): void } {
  const written: string[] = [];
  let end: (error?: Error) => void = () => undefined;
  const commit = new GroupCommit((bytes) => {
    written.push(bytes.toString());
    return new Promise((resolve, reject) => {
      end = (error) => (error === undefined ? resolve() : reject(error));
    });
  });
  return { commit, written, end: (error) => end(error) };
}

const turn = (): Promise<void> => new Promise((next) => setImmediate(next));

test("what arrives while a write is under way goes into the next one, and its memory is free at once", async () => {
  const { commit, written, end } = held();
  const memory = Buffer.from("one");
  const first = commit.append([memory, Buffer.from(",")]);
  memory.write("two");
  const second = commit.append([memory]);
  await turn();
  expect(written).toEqual(["one,two"]);
  memory.write("six");
  const third = commit.append([memory]);
  memory.fill(0);
  expect(commit.waitingBytes).toBe(3);
  end();
  await Promise.all([first, second]);
  await turn();
  expect(written).toEqual(["one,two", "six"]);
  end();
  await third;
  await commit.settled();
});

test("a write that fails fails all of its group and no other", async () => {
  const { commit, end } = held();
  const failing = [commit.append([Buffer.from("a")]), commit.append([Buffer.from("b")])];
  await turn();
  const next = commit.append([Buffer.from("c")]);
  end(new Error("disk full"));
  for (const one of failing) await expect(one).rejects.toThrow("disk full");
  end();
  await expect(next).resolves.toBeUndefined();
});

test("groups of any size are written whole, one after a larger or smaller one", async () => {
  const written: Buffer[] = [];
  const commit = new GroupCommit(async (bytes) => void written.push(Buffer.from(bytes)));
  const sizes = [1, 3_000_000, 5, 700_000, 0, 300_000, 262_144, 9_000_000, 1, 1, 1, 1, 300_000];
  for (const [index, size] of sizes.entries()) {
    const half = Buffer.alloc(size, index + 1);
    await commit.append([half, half]);
  }
  expect(written.map(({ length }) => length)).toEqual(sizes.map((size) => 2 * size));
  for (const [index, bytes] of written.entries()) {
    expect(bytes.equals(Buffer.alloc(bytes.length, index + 1))).toBe(true);
  }
});
