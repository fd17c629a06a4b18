import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { clone } from "./command.ts";

/** One alert as `alerts/*.yaml` declares it, in the words of a Cloud Monitoring policy. */
interface Declared {
  readonly name: string;
  readonly query: string;
  /** How long the condition has to hold, in seconds. */
  readonly seconds: number;
  readonly severity: string;
  /** How many of its channels are reached in a stack that has neither pager nor chat. */
  readonly channels: number;
}

/** All alerts that are declared, by name. */
export function catalogue(): Declared[] {
  const folder = join(clone, "alerts");
  const files = readdirSync(folder).filter((name) => name.endsWith(".yaml"));
  return files
    .flatMap((name) => parse(readFileSync(join(folder, name), "utf8")).alerts)
    .map((alert) => ({
      name: alert.alert,
      query: alert.expr,
      seconds: seconds(alert.for),
      severity: String(alert.severity).toUpperCase(),
      channels: alert.channels.filter((channel: string) => channel === "email").length,
    }))
    .sort((a, b) => a.name.localeCompare(b.name));
}

function seconds(duration: string | number | undefined): number {
  const [, count = "0", unit = "s"] = /^(\d+)(s|m|h)?$/.exec(String(duration ?? 0)) ?? [];
  return Number(count) * { s: 1, m: 60, h: 3600 }[unit as "s" | "m" | "h"];
}
