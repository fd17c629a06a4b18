import { readFileSync } from "node:fs";
import { parse } from "yaml";
import type { Objective } from "../../infra/service-objectives.ts";
import { isMapping } from "./read.ts";
import { isText } from "./rules.ts";

const FIELDS = ["service", "title", "goal", "days"];

/**
 * What each service promises, by service.
 *
 * @throws Error naming service, field, value and what is allowed, for all mistakes at once.
 */
export function readObjectives(
  path = "alerts/objectives/objectives.yaml",
): Record<string, Objective> {
  const entries = parse(readFileSync(path, "utf8")) as unknown;
  if (!Array.isArray(entries)) {
    throw new Error(`${path} must be a list of objectives, got ${JSON.stringify(entries)}`);
  }
  const problems: string[] = [];
  const objectives: Record<string, Objective> = {};
  for (const entry of entries as unknown[]) {
    if (!isMapping(entry)) {
      problems.push(`${path}: each must have ${FIELDS.join(", ")}, got ${JSON.stringify(entry)}`);
      continue;
    }
    const { service, title, goal, days } = entry;
    const check = (field: string, isValid: boolean, rule: string): void => {
      if (isValid) return;
      const got = JSON.stringify(entry[field]) ?? "nothing";
      problems.push(`${path}, service ${String(service)}: ${field} must ${rule}, got ${got}`);
    };
    for (const field of Object.keys(entry)) {
      check(field, FIELDS.includes(field), `be one of the fields ${FIELDS.join(", ")}`);
    }
    check("service", /^[a-z][a-z0-9-]{0,62}$/.test(String(service)), "be a name of [a-z0-9-]");
    check("service", !Object.hasOwn(objectives, String(service)), "be the only one of that name");
    check("title", isText(title) && title.length <= 400, "be a text of 400 characters at most");
    check(
      "goal",
      typeof goal === "number" && goal > 0 && goal <= 0.9999,
      "be a share over 0 and 0.9999 at most",
    );
    check(
      "days",
      Number.isInteger(days) && Number(days) >= 1 && Number(days) <= 30,
      "be a whole number from 1 to 30",
    );
    objectives[String(service)] = { title: String(title), goal: Number(goal), days: Number(days) };
  }
  if (problems.length > 0) throw new Error(problems.join("\n"));
  return objectives;
}
