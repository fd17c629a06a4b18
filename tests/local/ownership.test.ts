import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

let folder: string;
let state: string;
let ownership: typeof import("../../local/ownership.ts");
let clonePath: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ownership-"));
  process.env.XDG_STATE_HOME = folder;
  state = join(folder, "marketing-stack");
  await mkdir(state);
  ({ clonePath } = await import("../../local/paths.ts"));
  ownership = await import("../../local/ownership.ts");
});

beforeEach(() => rm(join(state, "owner.json"), { force: true }));

afterAll(() => rm(folder, { recursive: true }));

async function ownedBy(clone: string): Promise<void> {
  await writeFile(join(state, "owner.json"), JSON.stringify({ clone }));
}

test("the first clone that asks gets the platform", async () => {
  await ownership.claimPlatform({ running: false, takeOver: false });
  expect(await ownership.platformOwner()).toBe(clonePath);
});

test("fails on another clone's running platform, with that clone's path and how to take it over", async () => {
  await ownedBy(folder);
  await expect(ownership.claimPlatform({ running: true, takeOver: false })).rejects.toThrow(
    `the platform of this machine must be this clone's, got one that runs for ${folder}; ` +
      "run npm run down there, or take it over with npm run up -- --take-over",
  );
  expect(JSON.parse(await readFile(join(state, "owner.json"), "utf8"))).toEqual({ clone: folder });
});

test("a platform whose owner nobody can read is anybody's", async () => {
  await writeFile(join(state, "owner.json"), '{"clone":"/ho');
  await ownership.requireOwnership({ running: true });
  await ownership.claimPlatform({ running: true, takeOver: false });
  expect(await ownership.platformOwner()).toBe(clonePath);
  expect(await readdir(state)).toEqual(["owner.json"]);
});

test.each([
  ["is taken over", { running: true, takeOver: true }, true],
  ["does not run", { running: false, takeOver: false }, true],
  ["runs for a clone that is gone", { running: true, takeOver: false }, false],
])("a platform that %s changes its owner", async (_, how, ownerExists) => {
  await ownedBy(ownerExists ? folder : join(folder, "gone"));
  await ownership.claimPlatform(how);
  expect(await ownership.platformOwner()).toBe(clonePath);
});
