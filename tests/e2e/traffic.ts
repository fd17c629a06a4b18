import { Analytics } from "@segment/analytics-node";
import type { TestStack } from "./stack.ts";

/** What visitors and apps ask of a stack while a test changes it. */
export interface Traffic {
  /** Every request that was not answered well, with its time. */
  readonly problems: readonly string[];
  /** Ends it, once; resolves with what was asked when all is answered. */
  stop(): Promise<{ readonly events: number; readonly reads: number }>;
}

/** How the traffic comes. */
export interface TrafficOptions {
  /** Whether each request has a connection of its own, so that it may reach any pod. @default false */
  readonly reconnects?: boolean;
}

/** Time between two events, and between two reads, in milliseconds. */
const PACE = 50;

/** Starts a steady stream of events called `name` by the official SDK, and of pages read from the CMS. */
export function startTraffic(
  stack: TestStack,
  name: string,
  { reconnects = false }: TrafficOptions = {},
): Traffic {
  const problems: string[] = [];
  const note = (what: string, problem: unknown): void => {
    problems.push(`${new Date().toISOString()} ${what}: ${String(problem)}`);
  };
  const asked = async (what: string, url: string, init?: RequestInit): Promise<Response> => {
    try {
      const answer = await fetch(url, init);
      if (!answer.ok) note(what, answer.status);
      return answer;
    } catch (error) {
      const { message, cause } = error as Error;
      note(what, `${message} ${String(cause ?? "")}`);
      throw error;
    }
  };
  const analytics = new Analytics({
    writeKey: stack.writeKeys.website!,
    host: stack.urls.collector,
    flushAt: 5,
    flushInterval: 200,
    httpClient: (url, init) =>
      asked("event", url, {
        ...(init as RequestInit),
        ...(reconnects && {
          headers: { ...(init.headers as Record<string, string>), connection: "close" },
        }),
      }),
  });
  analytics.on("error", ({ reason }) => note("SDK", reason));

  let events = 0;
  let reads = 0;
  const timer = setInterval(() => {
    analytics.track({
      anonymousId: `visitor-${events % 10}`,
      event: name,
      messageId: `${name}-${events}`,
      context: { consent: { categoryPreferences: { analytics: true } } } as never,
    });
    events += 1;
  }, PACE);
  let reading = true;
  const reader = (async () => {
    while (reading) {
      const url = new URL("/api/pages?locale=en", stack.urls.cms).href;
      await asked("page", url).then(
        (answer) => answer.text(),
        () => undefined,
      );
      reads += 1;
      await new Promise((resolve) => setTimeout(resolve, PACE));
    }
  })();
  const end = async (): Promise<{ events: number; reads: number }> => {
    clearInterval(timer);
    reading = false;
    await reader;
    await analytics.closeAndFlush();
    return { events, reads };
  };
  let ended: ReturnType<typeof end> | undefined;
  return { problems, stop: () => (ended ??= end()) };
}
