import type { CampaignSpec } from "../../services/contract/campaign.ts";
import { campaignWords } from "./campaign-words.ts";
import type { CampaignNews } from "./digest.ts";
import { digestOfInputs } from "./values.ts";

/** Type of a campaign among resources. */
const TYPE = "kubernetes:marketing.stack/v1alpha1:Campaign";

/** A resource as it was declared and is declared now; undefined where it is not. */
export interface Declared {
  readonly type: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** What becomes of the campaigns among resources, by name. */
export function campaignNews(resources: readonly Declared[]): CampaignNews[] {
  return resources
    .filter(({ type }) => type === TYPE)
    .flatMap(({ before, after }) => newsOf(before as Inputs, after as Inputs))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

type Inputs =
  { readonly metadata: { readonly name: string }; readonly spec: CampaignSpec } | undefined;

function newsOf(before: Inputs, after: Inputs): CampaignNews[] {
  const known = after ?? before;
  if (!known) return [];
  if (before && after && digestOfInputs(before.spec) === digestOfInputs(after.spec)) return [];
  const was = before ? campaignWords(before.spec) : {};
  const becomes = after ? campaignWords(after.spec) : {};
  return [
    {
      name: known.metadata.name,
      change: !before ? "new" : after ? "changed" : "ended",
      // An ended one says what it was for.
      says: [...new Set([...Object.keys(after ? becomes : was), ...Object.keys(was)])]
        .filter((about) => (after ? was[about] !== becomes[about] : about === "Purpose"))
        .map((about) => ({
          about,
          before: was[about] ?? "",
          after: becomes[about] ?? "",
        }))
        .filter((one) => one.before !== one.after),
    },
  ];
}
