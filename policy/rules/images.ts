import { containersOf, podOf } from "../pods.ts";
import type { Rule } from "../rule.ts";

const DIGEST = /@sha256:[0-9a-f]{64}$/;
const CONTENT_TAG = /:[0-9a-f]{16}$/;

/** Images are named by what is in them, and come from the stack's own registry. */
export const images: Rule = {
  name: "images",
  description: "Images are named by digest or content tag and come from the stack's own registry.",
  check(resource, { registry, buildsImages }) {
    const pod = podOf(resource);
    if (!pod) return [];
    const isNamed = (image: string): boolean =>
      DIGEST.test(image) || (buildsImages && CONTENT_TAG.test(image));
    return containersOf(pod).flatMap(({ name, image = "" }) => {
      const what = `image of container ${name}`;
      const got = `got ${JSON.stringify(image)}`;
      return [
        ...(image.startsWith(`${registry}/`)
          ? []
          : [`${what} must come from ${registry}, ${got}; build or copy it there`]),
        ...(isNamed(image)
          ? []
          : [
              buildsImages
                ? `${what} must be named by digest or by the digest of its inputs (16 hexadecimal digits), ${got}; a tag that can move names another image tomorrow`
                : `${what} must be named by digest, ${got}; promote a release instead`,
            ]),
      ];
    });
  },
};
