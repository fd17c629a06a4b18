import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { requireDeployed } from "../../../commands/releases/require-deployed.ts";
import { canonicalJson } from "../../../stacks/canonical-json.ts";
import { lockText } from "../../../stacks/release-lock.ts";
import { releaseId, type Release } from "../../../stacks/releases.ts";
import { release } from "../../stacks/prod-program.ts";

const worker = `marketing-stack/worker@sha256:${"9".repeat(64)}`;
const next: Release = { ...release, images: { ...release.images, worker } };
const [before, after] = [releaseId(release), releaseId(next)];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "deployed-"));
  mkdirSync(join(folder, "releases"));
  for (const each of [release, next]) {
    writeFileSync(join(folder, "releases", `${releaseId(each)}.json`), canonicalJson(each));
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const lock = (id: string) =>
  writeFileSync(
    join(folder, "releases", "prod.lock.json"),
    lockText({ version: 1, environment: "prod", release: id, verified: [] }),
  );

const require = (images: Release["images"]) =>
  requireDeployed({
    stack: "prod",
    release: after,
    folder,
    images: Object.fromEntries(
      Object.entries(images).map(([name, image]) => [name, `registry.example:5000/${image}`]),
    ),
  });

test("a stack that was deployed from the release, with its images, runs it", () => {
  lock(after);
  expect(require(next.images)).toBeUndefined();
});

test("fails where the folder that was deployed holds another release by now", () => {
  lock(before);
  expect(() => require(next.images)).toThrow(
    `stack prod must be deployed from release ${after}, got ${before} in ${folder}; what was proved is not that release`,
  );
});

test("fails where the stack runs an image of another release, naming both", () => {
  lock(after);
  expect(() => require(release.images)).toThrow(
    `the worker of stack prod must run ${worker} of release ${after}, got registry.example:5000/${release.images.worker}; what was proved is not that release`,
  );
});
