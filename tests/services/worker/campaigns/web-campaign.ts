import type { CampaignSpec } from "../../../../services/contract/campaign.ts";
import { letterCampaign } from "./a-campaign.ts";

/** A campaign of two landing pages on the web whose window is open, with changes. */
export function webCampaign(changes: Partial<CampaignSpec> = {}): CampaignSpec {
  return letterCampaign({
    consentBasis: ["personalization"],
    content: {
      offer: { type: "landing-page", slug: "sale", variant: "a" },
      shipping: { type: "landing-page", slug: "sale", variant: "b" },
    },
    variants: [
      { name: "discount", percent: 60 },
      { name: "free", percent: 40, content: { offer: "shipping" } },
    ],
    channels: { shop: { kind: "web" } },
    journey: { steps: [{ name: "show", send: { channel: "shop", content: "offer" } }] },
    rollout: [{ percent: 5, gate: { hours: 24 } }, { percent: 100 }],
    ...changes,
  });
}
