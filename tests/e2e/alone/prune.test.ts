import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildImage, pushImage } from "../../../local/images/engine.ts";
import { readPlatform } from "../../../local/platform.ts";
import { imageDigest } from "../../../local/registry/manifest.ts";
import { npmRun } from "../command.ts";
import { bringUpPlainStack, PLAIN_STACK } from "../plain-stack.ts";
import { kubectl, succeeded } from "../stack.ts";

const MINUTE = 60_000;

beforeAll(bringUpPlainStack, 20 * MINUTE);

test("prune takes from the registry what no stack names, and nothing else", async () => {
  const { registry } = await readPlatform();
  const unused = await unusedImage();
  const pruned = succeeded(await npmRun("images", ["prune"]));
  expect(pruned).toContain(`${unused}\n`);
  expect(await imageDigest(registry, withoutHost(unused))).toBeUndefined();
  const own = (await imagesOfPods()).filter((image) => image.includes("/marketing-stack/"));
  expect(own).toHaveLength(3);
  for (const image of own) {
    expect([image, await imageDigest(registry, withoutHost(image))]).toEqual([
      image,
      expect.stringMatching(/^sha256:/),
    ]);
  }
  expect(succeeded(await npmRun("images", ["prune"]))).toBe("");
});

/** Makes an image of a service as one that was replaced leaves it; its reference. */
async function unusedImage(): Promise<string> {
  const { registry, baseImages } = await readPlatform();
  const reference = `${registry}/marketing-stack/collector:of-before`;
  const folder = mkdtempSync(join(tmpdir(), "unused-image-"));
  try {
    const dockerfile = "ARG BASE_IMAGE\nFROM $BASE_IMAGE\nLABEL of=before\n";
    writeFileSync(join(folder, "Dockerfile"), dockerfile);
    await buildImage(reference, { folder, args: { BASE_IMAGE: baseImages.node } });
    await pushImage(reference, [reference]);
    return reference;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function imagesOfPods(): Promise<string[]> {
  const path = "--output=jsonpath={.items[*].spec.containers[*].image}";
  const images = await kubectl(
    `--namespace=${PLAIN_STACK}`,
    "get",
    "pods",
    "--field-selector=status.phase=Running",
    path,
  );
  return [...new Set(images.split(" "))];
}

function withoutHost(reference: string): string {
  return reference.slice(reference.indexOf("/") + 1);
}
