import { waitFor } from "../../local/wait.ts";
import type { Drill } from "./drills.ts";
import type { Hearing } from "./heard.ts";
import type { Journal } from "./journal.ts";
import type { Result } from "./result.ts";
import type { Stage } from "./stage.ts";

/** What every drill needs. */
export interface DrillContext {
  readonly stage: Stage;
  readonly hearing: Hearing;
  readonly journal: Journal;
  /** Throws once no more faults may be injected. */
  readonly requireGoing: () => void;
}

/** An alert that a fault is there for. */
export interface Drilled {
  readonly alert: string;
  readonly drill: Drill;
  readonly promisedSeconds: number;
}

/** How long an incident from before may take to close, in seconds: the longest range of what fires by the way, and more. */
const CALM_WITHIN = 20 * 60;

/**
 * Injects a fault, waits for the notifications of its alerts, heals, and waits until their incidents have closed.
 *
 * @param drilled the alerts, at least one; all have the same fault.
 * @param tell hears what is done at the moment.
 * @throws Error if an alert fires before, or the fault cannot be injected or healed.
 */
export async function drillFault(
  drilled: readonly Drilled[],
  { stage, hearing, journal, requireGoing }: DrillContext,
  tell: (text: string) => void,
): Promise<Result[]> {
  const [{ alert: first, drill }] = drilled as [Drilled];
  const { fault } = drill;
  const isCalm = async ({ alert, drill: { alarm } }: Drilled): Promise<true | undefined> =>
    (await hearing.isOpen(alert)) === (alarm === "resolved") || undefined;
  tell("waits until all is calm");
  for (const one of drilled) {
    await waitFor(`${one.alert} to be calm before its drill`, CALM_WITHIN, () => isCalm(one));
  }
  const state = await fault.prepare(stage);
  requireGoing();
  await journal.add({ alert: first, state });
  let seconds: (number | null)[] = [];
  try {
    tell("injects the fault");
    const before = new Date();
    const begun = await fault.inject(stage, state);
    seconds = await Promise.all(
      drilled.map(async ({ alert, promisedSeconds, drill: { alarm = "firing" } }) => {
        tell("waits for the notification");
        const left = promisedSeconds - (Date.now() - +begun) / 1000;
        const heardAt = await waitFor("the notification", left, async () => {
          await fault.sustain?.(stage, state);
          return hearing.heard(alert, alarm, before);
        }).catch(() => undefined);
        return heardAt ? Math.round((+heardAt - +begun) / 100) / 10 : null;
      }),
    );
  } finally {
    tell("heals");
    await fault.heal(stage, state);
    await journal.remove(first);
  }
  tell("waits until the incident has closed");
  return Promise.all(
    drilled.map(async (one, index): Promise<Result> => {
      const { alert, promisedSeconds } = one;
      const { closesWithinSeconds } = one.drill;
      const closed = await waitFor("the end", closesWithinSeconds, () => isCalm(one)).catch(
        () => false,
      );
      const reason =
        seconds[index] === null
          ? `no notification arrived within ${promisedSeconds} s`
          : closed
            ? null
            : `it did not end within ${closesWithinSeconds} s of healing`;
      const fired = seconds[index] !== null;
      return { alert, drilled: true, fired, seconds: seconds[index]!, promisedSeconds, reason };
    }),
  );
}
