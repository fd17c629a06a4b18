import type { StackOutputs } from "../engine/outputs.ts";
import { contentCms, type ContentCms } from "./cms.ts";

/**
 * The CMS of a deployed stack.
 *
 * @throws Error if it is not reached from this machine, or was deployed before releases had content.
 */
export function stackCms(
  stack: string,
  { urls, contentApiToken }: Pick<StackOutputs, "urls" | "contentApiToken">,
): ContentCms {
  if (!urls.cms) {
    throw new Error(
      `the CMS of ${stack} must be reached from this machine for its content, got one that only its cluster reaches; set marketing-stack:domain`,
    );
  }
  if (!contentApiToken) {
    throw new Error(
      `the CMS of ${stack} must have a token for its content, found none; deploy it again with npm run up -- --stack ${stack}`,
    );
  }
  return contentCms(urls.cms, contentApiToken);
}
