import { drills } from "./drills.ts";
import type { Journal } from "./journal.ts";
import type { Stage } from "./stage.ts";

/**
 * Heals what the journal says is broken, all of it though one cannot be.
 *
 * @throws Error naming what could not be healed; it stays in the journal.
 */
export async function healLeft(stage: Stage, journal: Journal): Promise<void> {
  const problems: string[] = [];
  for (const { alert, state } of [...journal.entries].reverse()) {
    try {
      const drill = drills[alert];
      if (!drill || !("fault" in drill)) {
        throw new Error(`${journal.path} names a drill that there is no more`);
      }
      await drill.fault.heal(stage, state);
      await journal.remove(alert);
    } catch (error) {
      problems.push(`what the drill of ${alert} broke must be healed: ${(error as Error).message}`);
    }
  }
  if (problems.length > 0) throw new Error(problems.join("\n"));
}
