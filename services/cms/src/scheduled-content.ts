import type { ContentType } from "./content-types.ts";
import { entryProblem } from "./released-content.ts";

/** What an editor can schedule, and the field of an entry that holds its time. */
export const scheduleFields = { publish: "publishAt", unpublish: "unpublishAt" } as const;

/** What is scheduled. */
export type ScheduledAction = keyof typeof scheduleFields;

/** One locale of an entry that is to be published or taken back at a time. */
export interface ScheduledChange {
  readonly action: ScheduledAction;
  readonly uid: ContentType;
  readonly documentId: string;
  readonly locale: string;
  /** ISO 8601, UTC: an instant, whatever clocks showed when it was entered. */
  readonly at: string;
}

/** What is wrong with a scheduled change, in words; undefined if it will do. */
export function changeProblem(data: unknown): string | undefined {
  const { action, at } = (data ?? {}) as Partial<Record<string, unknown>>;
  if (typeof action !== "string" || !Object.hasOwn(scheduleFields, action)) {
    return `action must be publish or unpublish, got ${JSON.stringify(action) ?? "nothing"}`.slice(
      0,
      200,
    );
  }
  if (typeof at !== "string" || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(at)) {
    return `at must be an instant as 2027-03-20T08:00:00.000Z, got ${JSON.stringify(at) ?? "nothing"}`.slice(
      0,
      200,
    );
  }
  return entryProblem(data);
}
