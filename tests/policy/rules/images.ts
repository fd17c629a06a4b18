import type { Case } from "../case.ts";
import { container, deployment, image, pod, podCase, withContainer } from "../good.ts";

const contentTag = `registry.example/marketing-stack/app:${"1".repeat(16)}`;
const digest = image.slice(image.indexOf("@"));

/** Mutants of images, each with its good twin. */
export const imageCases: readonly Case[] = [
  podCase(
    "images",
    "another registry",
    withContainer({ image: `elsewhere.example/app${digest}` }),
    `image of container app must come from registry.example, got "elsewhere.example/app${digest}"; build or copy it there`,
  ),
  podCase(
    "images",
    "a registry that only begins like it",
    withContainer({ image: `registry.example.evil/app${digest}` }),
    `image of container app must come from registry.example, got "registry.example.evil/app${digest}"; build or copy it there`,
  ),
  podCase(
    "images",
    "a content tag where nothing is built",
    withContainer({ image: contentTag }),
    `image of container app must be named by digest, got "${contentTag}"; promote a release instead`,
  ),
  {
    ...podCase(
      "images",
      "a tag that can move, in an init container",
      { ...pod, initContainers: [{ ...container, image: "registry.example/app:latest" }] },
      'image of container app must be named by digest or by the digest of its inputs (16 hexadecimal digits), got "registry.example/app:latest"; a tag that can move names another image tomorrow',
    ),
    stack: "dev",
    good: deployment(withContainer({ image: contentTag })),
  },
];
