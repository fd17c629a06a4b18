import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { secondsOf } from "./durations.ts";

/**
 * Within how many seconds of its cause each alert of the catalogue promises to be heard of.
 *
 * @param folder a catalogue that `readAlerts` takes.
 */
export function readPromises(folder = "alerts"): Record<string, number> {
  const files = readdirSync(folder).filter((file) => file.endsWith(".yaml"));
  return Object.fromEntries(
    files.flatMap((file) => {
      const { alerts } = parse(readFileSync(join(folder, file), "utf8")) as { alerts: Promised[] };
      return alerts.map(({ alert, detection }) => [alert, secondsOf(detection)!]);
    }),
  );
}

interface Promised {
  readonly alert: string;
  readonly detection: string;
}
