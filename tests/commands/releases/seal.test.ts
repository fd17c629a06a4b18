import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sealRelease } from "../../../commands/releases/seal.ts";
import { releaseId } from "../../../stacks/releases.ts";
import { release } from "../../stacks/prod-program.ts";

let clone: string;
beforeEach(() => {
  clone = mkdtempSync(join(tmpdir(), "seal-"));
  cpSync("alerts", join(clone, "alerts"), { recursive: true });
  for (const service of ["collector", "worker"]) {
    const migrations = join("services", service, "migrations");
    cpSync(migrations, join(clone, migrations), { recursive: true });
  }
});
afterEach(() => rmSync(clone, { recursive: true, force: true }));

const content = `sha256:${"1".repeat(64)}`;
const sealed = () =>
  sealRelease({ clone, images: release.images, content, commit: release.commit });

test("the same inputs give the same release, wherever the clone lies", () => {
  const here = sealRelease({
    clone: process.cwd(),
    images: release.images,
    content,
    commit: "f".repeat(40),
  });
  expect(sealed()).toEqual({ ...here, campaigns: null });
  expect(sealed().migrations).toEqual(here.migrations);
});

test("campaigns are null until there are some, then the digest of their files", () => {
  expect(sealed().campaigns).toBeNull();
  mkdirSync(join(clone, "campaigns"));
  writeFileSync(join(clone, "campaigns", "spring.yaml"), "a");
  const before = sealed().campaigns;
  expect(before).toMatch(/^sha256:[0-9a-f]{64}$/);
  writeFileSync(join(clone, "campaigns", "spring.yaml"), "b");
  expect(sealed().campaigns).not.toBe(before);
});

test.each([
  ["an alert", "alerts/services.yaml"],
  ["a runbook", "alerts/runbooks/CmsDown.md"],
  ["a new migration", "services/worker/migrations/9999-new.sql"],
])("another content of %s is another release", (_what, path) => {
  const before = releaseId(sealed());
  writeFileSync(join(clone, path), "changed");
  expect(releaseId(sealed())).not.toBe(before);
});

test("tests of the alerts are no part of a release", () => {
  const before = releaseId(sealed());
  writeFileSync(join(clone, "alerts", "tests", "new.yaml"), "changed");
  expect(releaseId(sealed())).toBe(before);
});

test("a release is another one exactly when its content is", () => {
  const of = (digest: string) =>
    releaseId(
      sealRelease({ clone, images: release.images, content: digest, commit: release.commit }),
    );
  expect(of(content)).toBe(releaseId(sealed()));
  expect(of(`sha256:${"2".repeat(64)}`)).not.toBe(releaseId(sealed()));
});
