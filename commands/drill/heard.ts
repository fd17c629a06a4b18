import type { Incident } from "../../local/monitoring/incidents/incident.ts";
import type { Notification } from "../../local/receiver/notification.ts";
import type { Stage } from "./stage.ts";

/** What the world outside hears of a stack's alerts. */
export interface Hearing {
  /** When the receiver got the first notification since `since` that says so; undefined if it got none. */
  heard(alert: string, status: Notification["status"], since: Date): Promise<Date | undefined>;
  /** Whether an incident of the alert is open, or the receiver believes so. */
  isOpen(alert: string): Promise<boolean>;
}

/** How long receiver and emulator may take to answer, in milliseconds. */
const TIMEOUT = 10_000;

/** Asks the receiver for notifications and the emulator for incidents. */
export function hearingOf({ platform, project }: Pick<Stage, "platform" | "project">): Hearing {
  const notifications = async (alert: string): Promise<Notification[]> => {
    const query = new URLSearchParams({ project, alert });
    const answer = await get(`${platform.receiver}notifications?${query}`);
    return (answer as { notifications: Notification[] }).notifications;
  };
  return {
    async heard(alert, status, since) {
      const first = (await notifications(alert)).find(
        (one) => one.status === status && Date.parse(one.receivedAt) >= +since,
      );
      return first && new Date(first.receivedAt);
    },
    async isOpen(alert) {
      const query = new URLSearchParams({ project, open: "true" });
      const { incidents } = (await get(`${platform.monitoring}incidents?${query}`)) as {
        incidents: Incident[];
      };
      if (incidents.some((incident) => incident.alert === alert)) return true;
      return (await notifications(alert)).at(-1)?.status === "firing";
    },
  };
}

async function get(url: string): Promise<unknown> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(TIMEOUT) });
  if (!answer.ok) throw new Error(`GET ${url} must answer 200, got ${answer.status}`);
  return answer.json();
}
