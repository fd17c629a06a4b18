import type { Progress } from "../../local/progress.ts";
import { waitFor } from "../../local/wait.ts";
import { readOutputs, type StackOutputs } from "../engine/outputs.ts";
import type { StackSettings } from "../engine/settings.ts";
import type { Check } from "../releases/verification.ts";
import { besideUpdate } from "./beside-update.ts";
import { bringContent, type BroughtContent } from "./bring.ts";
import { comingCms } from "./coming-cms.ts";
import { stackCms } from "./stack-cms.ts";

/** The fact that is proved. */
const NAME = "content is the release's";

/** The most a freshly deployed CMS may take to answer, in seconds. */
const PATIENCE = 60;

/** Where a release's content goes. */
export interface ReleaseContentArgs {
  readonly stack: string;
  /** Digest of the release's content. */
  readonly digest: string;
  readonly settings: StackSettings;
  /** Environment of the Pulumi CLI. */
  readonly environment: Record<string, string>;
}

/** The content of the release that a stack gets. */
export class ReleaseContent {
  private readonly args: ReleaseContentArgs;
  /** Number of entries that came while the stack was updated. */
  private changed = 0;

  constructor(args: ReleaseContentArgs) {
    this.args = args;
  }

  /** Updates the stack, and brings the content as soon as the CMS takes it. */
  async beside<T>(update: () => Promise<T>): Promise<T> {
    const { stack, digest, settings, environment } = this.args;
    const { result, changed } = await besideUpdate(async () => {
      const outputs = await readOutputs(stack, environment);
      const cms = outputs?.contentApiToken
        ? stackCms(stack, outputs)
        : await comingCms(stack, settings, environment);
      return bringContent(cms, digest);
    }, update);
    this.changed += changed;
    return result;
  }

  /**
   * Brings what is missing still into the stack as it was deployed.
   *
   * @throws Error if not all of the content is there afterwards, save what is kept.
   */
  async prove(
    outputs: StackOutputs,
    progress: Progress,
  ): Promise<{ readonly content: BroughtContent; readonly check: Check }> {
    const { stack, digest } = this.args;
    return progress.step(NAME, async (tell) => {
      const cms = stackCms(stack, outputs);
      await waitFor("the CMS's answer", PATIENCE, () => cms.brought());
      const brought = await bringContent(cms, digest);
      const content = { ...brought, changed: brought.changed + this.changed };
      const detail = inWords(content);
      tell(detail);
      return { content, check: { name: NAME, result: "passed", detail: detail.slice(0, 2000) } };
    });
  }
}

function inWords({ there, changed, kept }: BroughtContent): string {
  const edited = kept.length > 0 ? `; kept: ${kept.join(", ")}` : "";
  return `${there} entries, ${changed} changed${edited}`;
}
