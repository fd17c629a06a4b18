import { unusedImages, type TaggedImage } from "../../../local/registry/prune.ts";

const host = "127.0.0.1:17003";
const image = (name: string, tag: string, digest: string): TaggedImage => ({
  repository: `marketing-stack/${name}`,
  digest,
  reference: `${host}/marketing-stack/${name}:${tag}`,
});
const images = [
  image("cms", "one", "sha256:1"),
  image("cms", "two", "sha256:2"),
  image("worker", "one", "sha256:1"),
];

test("what nobody names is unused", () => {
  expect(unusedImages(images, new Set([images[0]!.reference]))).toEqual([images[1], images[2]]);
});

test("an image named by digest is in use", () => {
  expect(unusedImages(images, new Set([`${host}/marketing-stack/cms@sha256:2`]))).toEqual([
    images[0],
    images[2],
  ]);
});

test("a tag with the content of a used one stays, because both would go", () => {
  const twin = image("cms", "twin", "sha256:1");
  expect(unusedImages([images[0]!, twin], new Set([images[0]!.reference]))).toEqual([]);
});
