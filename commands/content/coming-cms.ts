import { publicHosts } from "../../stacks/platforms/public-hosts.ts";
import { stackPorts } from "../../stacks/stack-ports.ts";
import { runPulumi } from "../engine/pulumi.ts";
import { secretStrings } from "../engine/secrets.ts";
import type { StackSettings } from "../engine/settings.ts";
import { contentCms, type ContentCms } from "./cms.ts";

/** A state as `pulumi stack export --show-secrets` prints it, as far as it matters here. */
export interface ShownState {
  readonly deployment: {
    readonly resources?: readonly {
      readonly urn: string;
      readonly outputs?: { readonly result?: unknown };
    }[];
  };
}

/**
 * The CMS of a stack that is being updated for the first time: the engine shows a stack's outputs at the end of an update, and
 * the update ends when the content has come.
 *
 * @throws Error if the update has not made the token yet.
 */
export async function comingCms(
  stack: string,
  settings: Pick<StackSettings, "portBase" | "domain">,
  environment: Record<string, string>,
): Promise<ContentCms> {
  const run = await runPulumi(["stack", "export", "--show-secrets", "--stack", stack], {
    environment,
  });
  const token = run.code === 0 ? contentTokenIn(JSON.parse(run.stdout) as ShownState) : undefined;
  if (token === undefined)
    throw new Error(`${stack} must have a token for its content, found none`);
  return contentCms(comingUrl(settings), token);
}

/** The newest token by which content is written that a state has. */
export function contentTokenIn({ deployment: { resources = [] } }: ShownState): string | undefined {
  const [newest] = resources
    .map(({ urn, outputs }) => ({
      generation: /::cms-content-api-token(?:\.(\d+))?$/.exec(urn),
      value: secretStrings(outputs?.result)[0],
    }))
    .filter(({ generation }) => generation)
    .sort((a, b) => Number(b.generation![1] ?? 0) - Number(a.generation![1] ?? 0));
  return newest?.value;
}

/** Where the CMS will be reached, by the stack's configuration. */
function comingUrl({ portBase, domain }: Pick<StackSettings, "portBase" | "domain">): string {
  return portBase === undefined
    ? `https://${publicHosts(domain ?? "").cms}`
    : `http://127.0.0.1:${stackPorts(portBase).cms}`;
}
