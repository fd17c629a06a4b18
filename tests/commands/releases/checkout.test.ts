import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { canonicalJson } from "../../../stacks/canonical-json.ts";
import { lockText } from "../../../stacks/release-lock.ts";
import { releaseId } from "../../../stacks/releases.ts";
import { copyOfClone } from "../../e2e/changed-clone.ts";
import { runProcess } from "../../e2e/command.ts";
import { release } from "../../stacks/prod-program.ts";

const NAME = "rehearsal-checkout";

let copy: Awaited<ReturnType<typeof copyOfClone>>;
let state: string;
let id: string;

beforeAll(async () => {
  state = mkdtempSync(join(tmpdir(), "state-"));
  copy = await copyOfClone();
  copy.write(`Pulumi.${NAME}.yaml`, "config: {}\n");
  const sealed = { ...release, commit: await copy.commit("Everything") };
  id = releaseId(sealed);
  copy.write(`releases/${id}.json`, canonicalJson(sealed));
  const lock = { version: 1, environment: NAME, release: id, verified: [] } as const;
  copy.write(`releases/${NAME}.lock.json`, lockText(lock));
});
afterAll(() => {
  copy.remove();
  rmSync(state, { recursive: true, force: true });
});

test("a preview has the files of the release in a folder of its own, leaves the deployed one alone, and goes", async () => {
  const previews = join(state, "marketing-stack", "worktrees", "previews");
  mkdirSync(join(previews, "0-killed"), { recursive: true });
  const script = `
    import { existsSync, readdirSync, writeFileSync } from "node:fs";
    import { deployedFolder, withDeployedFiles } from "./commands/releases/checkout.ts";
    import { readLock } from "./stacks/release-lock.ts";
    const deployed = await deployedFolder("${NAME}");
    writeFileSync(deployed + "/in-use", "");
    const seen = await withDeployedFiles("${NAME}", async (folder) => ({
      isOther: folder !== deployed,
      release: readLock("${NAME}", folder + "/releases").release,
      hasProgram: existsSync(folder + "/stacks/index.ts"),
    }));
    const isLeftAlone = existsSync(deployed + "/in-use");
    console.log(JSON.stringify({ ...seen, isLeftAlone, left: readdirSync("${previews}") }));`;
  const args = ["--disable-warning=ExperimentalWarning", "--input-type=module", "-e", script];
  const run = await runProcess(process.execPath, args, {
    cwd: copy.path,
    environment: { XDG_STATE_HOME: state },
  });
  expect([run.stderr, JSON.parse(run.stdout || "null")]).toEqual([
    "",
    { isOther: true, release: id, hasProgram: true, isLeftAlone: true, left: [] },
  ]);
  const worktrees = await runProcess("git", ["worktree", "list"], { cwd: copy.path });
  expect(worktrees.stdout.trim().split("\n")).toHaveLength(2);
});
