import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { driftOf } from "../../../commands/engine/preview.ts";
import { standInEngine, type Answers } from "./stand-in-engine.ts";

let folder: string;
let give: (answers: Answers) => void;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "preview-"));
  give = standInEngine(folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const said = async () => {
  const environment = { PATH: `${folder}:${process.env.PATH}` };
  const digest = await driftOf({ stack: "prod", environment, args: [], notes: [] });
  return digest.errors.map(({ message }) => message);
};

const fails = "error: cannot reach postgres://cms:generated-secret@database";

test("what the engine says of an error is told without the secrets of the configuration", async () => {
  const config = { password: { value: "generated-secret", secret: true } };
  give({ refresh: { fails }, config });
  expect(await said()).toEqual(["error: cannot reach postgres://cms:[secret]@database"]);
});

test.each([
  ["configuration", "config"],
  ["state", "stack export"],
])(
  "an error is left out where the secrets of the %s cannot be read, and why is said",
  async (_, unreadable) => {
    give({ refresh: { fails }, [unreadable]: { fails: "error: incorrect passphrase" } });
    const [message, ...more] = await said();
    expect(more).toEqual([]);
    expect(message).not.toContain("generated-secret");
    expect(message).toMatch(
      /^\[left out: the secrets of the stack must be read to take them out of this, got: pulumi .* ended with status 255\nincorrect passphrase\n→ .*PULUMI_CONFIG_PASSPHRASE/,
    );
  },
);
