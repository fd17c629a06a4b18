import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readOutputs } from "../../../commands/engine/outputs.ts";
import { standInEngine, type Answers } from "./stand-in-engine.ts";

let folder: string;
let give: (answers: Answers) => void;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "outputs-"));
  give = standInEngine(folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const read = () =>
  readOutputs("prod", { PATH: `${folder}:${process.env.PATH}`, PULUMI_BACKEND_URL: "gs://states" });

test("a stack that exports where its services are has outputs, one that has its platform alone has none", async () => {
  const outputs = { urls: { cms: null }, images: {} };
  give({ "stack output": outputs });
  expect(await read()).toEqual(outputs);
  give({ "stack output": { images: {} } });
  expect(await read()).toBeUndefined();
});

test("a stack that does not exist has none", async () => {
  const fails = "error: no stack named 'prod' found";
  give({ "stack output": { fails }, "stack ls": [{ name: "rehearsal" }] });
  expect(await read()).toBeUndefined();
});

test.each([
  ["of a stack that is there", [{ name: "prod" }]],
  ["of a backend that does not tell its stacks either", { fails: "error: no access" }],
])("fails on outputs %s and that cannot be read, with the CLI's words", async (_, listed) => {
  give({ "stack output": { fails: "error: oauth2: token expired" }, "stack ls": listed });
  await expect(read()).rejects.toThrow(/ended with status 255\noauth2: token expired\n→ /);
});
