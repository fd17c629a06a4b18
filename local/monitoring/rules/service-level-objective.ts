import { invalidField, missingField } from "../api-error.ts";
import { secondsOf } from "../protos/duration.ts";
import type { Message } from "../protos/schema.ts";
import { requireDuration, requireLength } from "./limits.ts";
import { checkIndicator, type Indicator } from "./service-level-indicator.ts";
import { checkUserLabels } from "./user-labels.ts";

const FIELD = "service_level_objective";
const DAY = 24 * 60 * 60;
const calendarPeriods = ["DAY", "WEEK", "FORTNIGHT", "MONTH"];

/**
 * Checks an SLO against the rules of the API that its schema cannot state.
 *
 * @throws ApiError about the first rule that it breaks.
 */
export function checkServiceLevelObjective(objective: Message): void {
  const { displayName, userLabels, goal, rollingPeriod, calendarPeriod, serviceLevelIndicator } =
    objective as Objective;
  requireLength(`${FIELD}.display_name`, displayName, 512);
  checkUserLabels(`${FIELD}.user_labels`, userLabels);
  if (!goal || goal < 0 || goal > 0.9999) {
    throw invalidField(`${FIELD}.goal`, goal ?? 0, "must be greater than 0 and at most 0.9999.");
  }
  if (rollingPeriod === undefined && calendarPeriod === undefined) {
    throw missingField(`${FIELD}.period`);
  }
  requireDuration(`${FIELD}.rolling_period`, rollingPeriod, {
    least: DAY,
    most: 30 * DAY,
    step: DAY,
    rule: "must be from 1 to 30 days, a multiple of a day.",
  });
  if (calendarPeriod !== undefined && !calendarPeriods.includes(calendarPeriod)) {
    const rule = `must be one of ${calendarPeriods.join(", ")}.`;
    throw invalidField(`${FIELD}.calendar_period`, calendarPeriod, rule);
  }
  if (!serviceLevelIndicator) throw missingField(`${FIELD}.service_level_indicator`);
  checkIndicator(`${FIELD}.service_level_indicator`, serviceLevelIndicator);
  const windowPeriod = serviceLevelIndicator.windowsBased?.windowPeriod;
  if (windowPeriod !== undefined) {
    const seconds = secondsOf(windowPeriod);
    if (seconds < 60 || seconds > DAY || DAY % seconds !== 0) {
      throw invalidField(
        `${FIELD}.service_level_indicator.windows_based.window_period`,
        windowPeriod,
        "must be an integer fraction of a day and at least 60s.",
      );
    }
  }
}

interface Objective {
  readonly displayName?: string;
  readonly userLabels?: Readonly<Record<string, string>>;
  readonly goal?: number;
  readonly rollingPeriod?: string;
  readonly calendarPeriod?: string;
  readonly serviceLevelIndicator?: Indicator;
}
