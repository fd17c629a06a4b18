import { waitFor } from "../../local/wait.ts";
import { readPlatform } from "../../local/platform.ts";
import type { TestStack } from "./stack.ts";
import { startTraffic } from "./traffic.ts";

/**
 * Alerts of a stack that the receiver was told of since `since`, after visitors have come for `seconds`, and every alert
 * was evaluated once more after that.
 */
export async function firedUnderTraffic(
  stack: TestStack,
  since: Date,
  seconds: number,
): Promise<string[]> {
  const { prometheus, receiver } = await readPlatform();
  const project = `marketing-stack-${stack.name}`;
  const end = Date.now() + seconds * 1000;
  const traffic = startTraffic(stack, "Fresh");
  try {
    await waitFor(`an evaluation of every alert after ${seconds} s`, seconds + 180, async () => {
      const answer = await fetch(`${prometheus}api/v1/rules?type=alert`);
      const { data } = (await answer.json()) as { data: { groups: Group[] } };
      const own = data.groups.filter(({ rules }) => rules[0]?.labels.project === project);
      const isDone = own.every(({ lastEvaluation }) => Date.parse(lastEvaluation) > end);
      return (own.length > 0 && isDone) || undefined;
    });
  } finally {
    await traffic.stop();
  }
  const query = new URLSearchParams({ project, since: since.toISOString() });
  const answer = await fetch(`${receiver}notifications?${query}`);
  const { notifications } = (await answer.json()) as { notifications: { alert: string }[] };
  return [...new Set(notifications.map(({ alert }) => alert))].sort();
}

interface Group {
  readonly lastEvaluation: string;
  readonly rules: readonly { readonly labels: Readonly<Record<string, string>> }[];
}
