import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { requireReadableState } from "../../../commands/engine/state-file.ts";

const whole = JSON.stringify({ version: 3, checkpoint: { latest: { resources: [{}, {}] } } });
const removed = JSON.stringify({ version: 3, checkpoint: { latest: {} } });

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "state-file-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
}

test.each([
  ["a stack that was never there", {}],
  ["a whole state", { "dev.json": whole, "dev.json.bak": whole }],
  ["a stack that was removed", { "dev.json.bak": removed }],
])("%s is fine", async (_what, files) => {
  write(files);
  await expect(requireReadableState("dev", folder)).resolves.toBeUndefined();
});

test.each([
  ["missing", { "dev.json.bak": whole }],
  ["corrupt", { "dev.json": whole.slice(0, 30), "dev.json.bak": whole }],
  ["corrupt", { "dev.json": "", "dev.json.bak": whole }],
  ["corrupt", { "dev.json": "null", "dev.json.bak": whole }],
])("fails on a %s state, with the copy that takes its place", async (found, files) => {
  write(files);
  const path = join(folder, "dev.json");
  await expect(requireReadableState("dev", folder)).rejects.toThrow(
    `the state of stack dev must be whole, found ${path} ${found}; nothing was changed. Its last copy holds 2 resources: cp '${path}.bak' '${path}', then npm run up -- --stack dev. If the stack was removed by force, take the copy away too`,
  );
});

test("fails on a corrupt state without a copy, and leaves it as it is", async () => {
  write({ "dev.json": "{" });
  await expect(requireReadableState("dev", folder)).rejects.toThrow(
    "and no copy beside it; nothing was changed",
  );
  expect(readFileSync(join(folder, "dev.json"), "utf8")).toBe("{");
});

test("what a kill tore of the notes beside a state goes, and whole ones stay", async () => {
  write({ "dev.json": whole, "dev.json.attrs": "", "dev.json.bak.attrs": "{}" });
  await requireReadableState("dev", folder);
  expect(existsSync(join(folder, "dev.json.attrs"))).toBe(false);
  expect(existsSync(join(folder, "dev.json.bak.attrs"))).toBe(true);
});
