import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { clonePath } from "../local/paths.ts";
import { readPlatform } from "../local/platform.ts";
import { lineProgress } from "../local/progress.ts";
import { resolveToolchain } from "../local/toolchain/toolchain.ts";
import { canonicalJson } from "../stacks/canonical-json.ts";
import { readRelease, releaseId } from "../stacks/releases.ts";
import { command, commandLine } from "./command.ts";
import { writeSnapshot } from "./content/snapshot-file.ts";
import { namingFiles, snapshotOf } from "./content/snapshot.ts";
import { stackCms } from "./content/stack-cms.ts";
import { backendOf, engineEnvironment } from "./engine/environment.ts";
import { readOutputs } from "./engine/outputs.ts";
import { stackSettings } from "./engine/settings.ts";
import { imageDigest } from "./releases/registry.ts";
import { requireProof } from "./releases/require-proof.ts";
import { sealRelease } from "./releases/seal.ts";
import { deployedPaths } from "./releases/source-digest.ts";
import { writeVerification } from "./releases/verification.ts";
import { writeWhole } from "../local/write-whole.ts";

/** Seals what a stack runs and was verified to run as `releases/<id>.json`, the verification beside it; prints the id. */
await command(async () => {
  const { values } = commandLine({
    usage: "release [-- --stack NAME]",
    options: { stack: { type: "string", default: "dev" } },
  });
  const { stack } = values;
  const progress = lineProgress();
  const commit = await committedAt();
  const settings = await stackSettings(stack);
  const toolchain = await resolveToolchain(progress, ["pulumi"]);
  const environment = engineEnvironment(toolchain, backendOf(settings.platform));
  const outputs = await readOutputs(stack, environment);
  if (!outputs) {
    throw new Error(
      `stack ${stack} must be deployed before it is sealed, found no outputs; run npm run up -- --stack ${stack}`,
    );
  }
  const { verifiedAt, checks } = await requireProof(stack, outputs.images);
  const registry = settings.registry ?? (await readPlatform()).registry;
  const sealed = (image: string): Promise<string> => byDigest(outputs.images[image]!, registry);
  const images = await progress.step("images by digest", async () => {
    const [cms, collector, worker, postgres] = await Promise.all(
      ["cms", "collector", "worker", "postgres"].map(sealed),
    );
    return { cms: cms!, collector: collector!, worker: worker!, postgres: postgres! };
  });
  const content = await progress.step("content by digest", async (detail) => {
    const snapshot = snapshotOf(await stackCms(stack, outputs).entries("published"));
    const files = namingFiles(snapshot);
    detail(
      files.length > 0
        ? `the media library is not carried, its files are named by ${files.join(", ")}`
        : `${snapshot.documents.length} entries`,
    );
    return writeSnapshot(snapshot);
  });
  const release = sealRelease({ clone: clonePath, images, content, commit });
  const id = releaseId(release);
  const path = join("releases", `${id}.json`);
  if (!existsSync(join(clonePath, path))) {
    await writeWhole(join(clonePath, path), `${canonicalJson(release)}\n`);
  }
  // One that was edited by hand is not verified.
  readRelease(id, join(clonePath, "releases"));
  await writeVerification({ version: 1, release: id, environment: stack, verifiedAt, checks });
  process.stdout.write(
    `Release ${id} is sealed in ${path}.\nNext: npm run promote -- ${id} rehearsal\n`,
  );
  return 0;
});

/**
 * `<repository>@sha256:…` of an image of the stack's registry.
 *
 * @throws Error if it lies in another one: a release is copied from one registry to one other.
 */
async function byDigest(reference: string, registry: string): Promise<string> {
  if (!reference.startsWith(`${registry}/`)) {
    throw new Error(
      `image ${reference} must lie in the stack's registry ${registry}; copy it there and set marketing-stack:postgresImage`,
    );
  }
  const [image = "", digest] = reference.slice(registry.length + 1).split("@");
  const repository = image.replace(/:[^/:]*$/, "");
  return `${repository}@${digest ?? (await imageDigest(reference))}`;
}

/**
 * The commit that the clone is at.
 *
 * @throws Error if a file that is deployed differs from it: nobody could build the release again.
 */
async function committedAt(): Promise<string> {
  const git = async (...args: string[]): Promise<string> =>
    (await promisify(execFile)("git", args, { cwd: clonePath })).stdout.trim();
  const changed = await git("status", "--porcelain", "--", ...deployedPaths);
  if (changed !== "") {
    throw new Error(
      `what a release is made of must be committed, got changes:\n${changed}\ncommit them first`,
    );
  }
  return git("rev-parse", "HEAD");
}
