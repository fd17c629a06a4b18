import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { waitFor } from "../../../../local/wait.ts";
import type { CampaignSpec } from "../../../../services/contract/campaign.ts";
import { letterCampaign } from "../campaigns/a-campaign.ts";
import { startApiServer, type ApiServer } from "../campaigns/api-server.ts";
import { startRemote, type Remote } from "../connectors/remote.ts";
import { sent, storeEvents, type Sent } from "../event-log.ts";
import { openWorkerStand, pageOf, type WorkerStand } from "../worker-stand.ts";

/** Minute of an event that lets somebody into the campaign. */
const SIGNED_UP = 600_000;

/** Bundled workers with a cluster that has one campaign, `greeting`, for everybody who signs up. */
export interface CampaignStand extends WorkerStand {
  readonly api: ApiServer;
  /** Has people sign up, as the collector stores it. */
  signUp(people: readonly string[]): Promise<void>;
}

/** One whose campaign tells a partner by a webhook. */
export interface JourneyStand extends CampaignStand {
  readonly partner: Remote;
  /** How often the partner was told of whom, as by one who tells messages apart by their `webhook-id`. */
  told(): Map<string, number>;
  /** Waits until the partner was told of so many people, and that was written down. */
  untilTold(people: number, seconds: number): Promise<void>;
}

/**
 * Puts up a stand; no worker runs yet.
 *
 * @param events that are stored of who signs up.
 */
export async function openCampaignStand(
  spec: CampaignSpec,
  environment: Record<string, string>,
  events: (userId: string) => readonly Sent[] = signedUp,
): Promise<CampaignStand> {
  const folder = mkdtempSync(join(tmpdir(), "journeys-"));
  const api = await startApiServer(folder);
  const stand = await openWorkerStand({ KUBECONFIG: api.kubeconfig, ...environment });
  api.cluster.apply("greeting", spec);
  return {
    ...stand,
    api,
    signUp: (people) => storeEvents(stand.database.admin, people.flatMap(events)),
    stop: async () => {
      await stand.stop();
      await api.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Who signs up and agrees to letters. */
export function signedUp(userId: string): readonly Sent[] {
  return [sent({ name: "Signed Up", userId, consent: ["email"], minute: SIGNED_UP })];
}

/** Puts up a stand with a partner; no worker runs yet. */
export async function openJourneyStand(): Promise<JourneyStand> {
  const partner = await startRemote();
  const signingSecret = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;
  const stand = await openCampaignStand(
    letterCampaign({
      locales: ["en"],
      content: { welcome: { type: "page", slug: "home" } },
      channels: { partner: { kind: "webhook", secret: "partner" } },
      journey: {
        startsWith: "Signed Up",
        steps: [{ name: "greet", send: { channel: "partner", content: "welcome" } }],
      },
    }),
    {
      CONNECTORS: JSON.stringify({ partner: { kind: "webhook", url: partner.url, signingSecret } }),
    },
  );
  stand.outside.entries.push(pageOf("home"));
  const told = (): Map<string, number> => {
    const effects = new Map(
      partner.taken.map(({ headers, body }) => [
        headers["webhook-id"],
        (JSON.parse(body) as { data: { person: { id: string } } }).data.person.id,
      ]),
    );
    const counts = new Map<string, number>();
    for (const person of effects.values()) counts.set(person, (counts.get(person) ?? 0) + 1);
    return counts;
  };
  return {
    ...stand,
    partner,
    told,
    untilTold: async (people, seconds) => {
      await waitFor(`${people} people told of`, seconds, async () => {
        const { rows } = await stand.database.admin.query<{ sent: number }>(
          "select count(*)::int as sent from campaigns.message where state = 'sent'",
        );
        if (rows[0]!.sent < people) throw new Error(`${rows[0]!.sent} are`);
        return true;
      });
    },
    stop: async () => {
      await stand.stop();
      await partner.stop();
    },
  };
}
