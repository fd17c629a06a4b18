import type { StackCluster } from "../../../commands/campaign/cluster.ts";
import { holdCampaigns, holdText } from "../../../commands/campaign/hold.ts";
import { readStatus, statusText } from "../../../commands/campaign/status.ts";
import type {
  CampaignResource,
  CampaignStatus,
} from "../../../services/worker/campaigns/resource.ts";
import { letterCampaign } from "../../services/worker/campaigns/a-campaign.ts";

/** A cluster whose worker keeps at once to what is annotated. */
function cluster(...names: string[]): StackCluster & { readonly annotated: string[] } {
  const annotated: string[] = [];
  let outbound: "allowed" | "stopped" = "allowed";
  const phases = new Map<string, CampaignStatus["phase"]>(names.map((name) => [name, "live"]));
  const resource = (name: string): CampaignResource => ({
    metadata: { name, uid: name, generation: 2 },
    spec: letterCampaign(),
    status: {
      observedGeneration: 2,
      phase: phases.get(name)!,
      conditions: [
        {
          type: "Ready",
          status: "True",
          observedGeneration: 2,
          reason: "Accepted",
          message: "",
          lastTransitionTime: "2027-01-01T00:00:00Z",
        },
      ],
      opensAt: null,
      closesAt: null,
      rolloutPercent: 25,
      percents: { letter: 100 },
      reason: "as the file has it",
      outbound,
      heldBack: outbound === "stopped" ? 12 : 0,
      journey: { entered: 40, ended: 7, sent: 38, notSent: 2 },
    },
  });
  return {
    annotated,
    list: async <T>() => names.map(resource) as T[],
    namespaceAnnotations: async (): Promise<Record<string, string>> =>
      outbound === "stopped" ? { "marketing.stack/outbound": "stopped" } : {},
    annotate: async (target, annotation, value) => {
      annotated.push(
        [...target].join(target === "namespace" ? "" : " ") + ` ${annotation}=${value}`,
      );
      if (target === "namespace") outbound = value === undefined ? "allowed" : "stopped";
      else {
        for (const name of target.slice(1)) {
          phases.set(name, (value as CampaignStatus["phase"] | undefined) ?? "live");
        }
      }
    },
  };
}

test("stopping all outbound says what it held back", async () => {
  const stack = cluster("greeting", "sale");
  const report = await holdCampaigns(stack, "stop", []);
  expect(stack.annotated).toEqual(["namespace marketing.stack/outbound=stopped"]);
  expect(holdText({ ...report, seconds: 3.2 })).toBe(
    "all outbound is stopped, after 3.2 s; held back: greeting 12, sale 12",
  );
  expect(statusText(await readStatus(stack, [])).split("\n")[0]).toBe(
    "ALL OUTBOUND IS STOPPED; npm run campaign -- resume --all lets it go on",
  );
  const resumed = await holdCampaigns(stack, "resume", []);
  expect(holdText({ ...resumed, seconds: 2 })).toBe(
    "all outbound is going on, after 2 s; nothing waits",
  );
});

test("one campaign is paused, the others go on", async () => {
  const stack = cluster("greeting", "sale");
  const report = await holdCampaigns(stack, "pause", ["sale"]);
  expect(stack.annotated).toEqual(["campaign sale marketing.stack/hold=paused"]);
  expect(holdText({ ...report, seconds: 2 })).toBe(
    "sale is paused, after 2 s; nothing was held back yet",
  );
  expect(statusText(await readStatus(stack, []))).toBe(
    [
      "greeting                 live       reaches 25 %; letter 100 %; 2026-01-01 00:00 to 2099-01-01 00:00 Europe/Madrid",
      "  40 people came in, 7 to the end; 38 messages sent, 2 not",
      "sale                     paused     reaches 25 %; letter 100 %; 2026-01-01 00:00 to 2099-01-01 00:00 Europe/Madrid",
      "  40 people came in, 7 to the end; 38 messages sent, 2 not",
    ].join("\n"),
  );
});

test("fails on a campaign that is not deployed, and holds none", async () => {
  const stack = cluster("greeting");
  await expect(holdCampaigns(stack, "stop", ["greeting", "sale"])).rejects.toThrow(
    "FILE must be of a campaign that is deployed (greeting), got sale; npm run up deploys it",
  );
  expect(stack.annotated).toEqual([]);
});
