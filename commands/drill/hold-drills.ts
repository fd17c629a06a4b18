import type { Progress } from "../../local/progress.ts";
import { drillFault, type DrillContext, type Drilled } from "./drill-fault.ts";
import { drills } from "./drills.ts";
import type { Fault } from "./fault.ts";
import type { Result } from "./result.ts";

/**
 * Drills the alerts: first those whose faults do not disturb each other, at the same time; then one fault after the other.
 *
 * @param promises within how many seconds each alert has to be heard of.
 * @param hear gets the results of a fault as soon as it is healed.
 * @returns a result for each alert, in the order of the catalogue.
 * @throws Error naming the alerts that have neither a drill nor a reason.
 */
export async function holdDrills(
  promises: Readonly<Record<string, number>>,
  context: DrillContext,
  progress: Progress,
  hear: (results: readonly Result[]) => void,
): Promise<Result[]> {
  const results = new Map<string, Result>();
  const byFault = new Map<Fault, Drilled[]>();
  for (const [alert, promisedSeconds] of Object.entries(promises)) {
    const drill = drills[alert];
    if (!drill) {
      throw new Error(
        `${alert} must have a drill or a reason, got neither; add it to commands/drill/drills.ts`,
      );
    }
    if ("fault" in drill) {
      const others = byFault.get(drill.fault) ?? [];
      byFault.set(drill.fault, [...others, { alert, drill, promisedSeconds }]);
    } else {
      results.set(alert, { ...failed(alert, promisedSeconds, drill.reason), drilled: false });
    }
  }

  const hold = async (drilled: readonly Drilled[], tell: (text: string) => void): Promise<void> => {
    const held = await drillFault(drilled, context, tell).catch((error: Error) =>
      drilled.map((one) => failed(one.alert, one.promisedSeconds, reasonOf(error))),
    );
    for (const result of held) results.set(result.alert, result);
    hear(held);
  };
  const groups = [...byFault.values()];
  const isAlone = ([first]: readonly Drilled[]): boolean => first!.drill.fault.isExclusive;
  const together = groups.filter((group) => !isAlone(group));
  if (together.length > 0) {
    await progress.step(`${together.length} drills at once`, async (detail) => {
      const doing = new Map<string, string>();
      const tell = (names: string, text: string | undefined): void => {
        if (text) doing.set(names, text);
        else doing.delete(names);
        detail(namesByText(doing));
      };
      await Promise.all(
        together.map(async (group) => {
          await hold(group, (text) => tell(namesOf(group), text));
          tell(namesOf(group), undefined);
        }),
      );
    });
  }
  for (const group of groups.filter(isAlone)) {
    await progress.step(`drill of ${namesOf(group)}`, (detail) => hold(group, detail));
  }
  return Object.keys(promises).map((alert) => results.get(alert)!);
}

/** What is done at the moment, and for which alerts: those of the same words together. */
function namesByText(doing: ReadonlyMap<string, string>): string {
  const texts = [...new Set(doing.values())];
  const ofText = (text: string): string =>
    [...doing]
      .filter(([, other]) => other === text)
      .map(([names]) => names)
      .join(", ");
  return texts.map((text) => `${ofText(text)} ${text}`).join("; ");
}

/** What went wrong; of a request that failed also how. */
function reasonOf({ message, cause }: Error): string {
  return cause instanceof Error ? `${message}: ${cause.message}` : message;
}

function namesOf(drilled: readonly Drilled[]): string {
  return drilled.map(({ alert }) => alert).join(" and ");
}

function failed(alert: string, promisedSeconds: number, reason: string): Result {
  return { alert, drilled: true, fired: false, seconds: null, promisedSeconds, reason };
}
