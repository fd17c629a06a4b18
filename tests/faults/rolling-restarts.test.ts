import { setTimeout as delay } from "node:timers/promises";
import { waitFor } from "../../local/wait.ts";
import { npmRun } from "../e2e/command.ts";
import {
  configure,
  describeStack,
  kubectl,
  query,
  removeStack,
  succeeded,
  type TestStack,
} from "../e2e/stack.ts";
import { startTraffic } from "../e2e/traffic.ts";

const NAME = "test-restarts";
const RESTARTS = 20;
const REPLICAS = 2;
const MINUTE = 60_000;

test(
  "twenty rolling restarts of the collector under load fail no request, and each acknowledged event is stored once",
  async () => {
    configure(NAME, { portBase: 30760, sources: ["website"], collectorReplicas: REPLICAS });
    try {
      succeeded(await npmRun("up", ["--stack", NAME]));
      const stack = await describeStack(NAME);
      const pods = new Set(await collectorPods());
      const traffic = startTraffic(stack, "Official", { reconnects: true });
      const unretried = startUnretried(stack, "Unretried");
      try {
        for (let restart = 0; restart < RESTARTS; restart += 1) {
          await rollout("restart");
          await rollout("status");
          for (const pod of await collectorPods()) pods.add(pod);
        }
      } finally {
        await Promise.all([traffic.stop(), unretried.stop()]);
      }
      expect(pods.size).toBe((RESTARTS + 1) * REPLICAS);
      expect([...traffic.problems, ...unretried.problems]).toEqual([]);
      const { events } = await traffic.stop();
      process.stderr.write(`${events} events of the SDK, ${unretried.acknowledged.length} more\n`);
      const acknowledged = [
        ...Array.from({ length: events }, (_, index) => `Official-${index}`),
        ...unretried.acknowledged,
      ].sort();
      await waitFor("as many events in PostgreSQL as were acknowledged", 120, async () => {
        return (await stored(stack)).length >= acknowledged.length;
      });
      expect(await stored(stack)).toEqual(acknowledged);
    } finally {
      await removeStack(NAME);
    }
  },
  60 * MINUTE,
);

/** Identities of the collector's pods: a pod that comes back by its name is another one. */
async function collectorPods(): Promise<string[]> {
  const selector = "--selector=app.kubernetes.io/name=collector";
  const path = "--output=jsonpath={.items[*].metadata.uid}";
  return (await kubectl(`--namespace=${NAME}`, "get", "pods", selector, path)).split(" ");
}

function rollout(action: "restart" | "status"): Promise<string> {
  return kubectl(`--namespace=${NAME}`, "rollout", action, "statefulset/collector");
}

/** Ids of all events of this test that are stored, sorted. */
async function stored({ database }: TestStack): Promise<string[]> {
  const text = "select id from events.event where name in ('Official', 'Unretried')";
  return (await query<{ id: string }>(database, text)).map(({ id }) => id).sort();
}

/** Clients, and the time each pauses after an answer, in milliseconds. */
const CLIENTS = 4;
const PACE = 50;

/** Clients that keep their connection, and send each event once, whatever comes of it. */
function startUnretried({ urls, writeKeys }: TestStack, name: string) {
  const acknowledged: string[] = [];
  const problems: string[] = [];
  const stop = new AbortController();
  const send = async (id: string): Promise<void> => {
    try {
      const answer = await fetch(new URL("/v1/track", urls.collector), {
        method: "POST",
        headers: { authorization: `Basic ${btoa(`${writeKeys.website}:`)}` },
        body: JSON.stringify({ anonymousId: "visitor", event: name, messageId: id }),
      });
      await answer.text();
      if (!answer.ok) throw new Error(String(answer.status));
      acknowledged.push(id);
    } catch (error) {
      const { message, cause } = error as Error;
      problems.push(`${new Date().toISOString()} ${id}: ${message} ${String(cause ?? "")}`);
    }
  };
  const clients = Array.from({ length: CLIENTS }, async (_, client) => {
    for (let event = 0; !stop.signal.aborted; event += 1) {
      await send(`${name}-${client}-${event}`);
      await delay(PACE);
    }
  });
  return {
    acknowledged,
    problems,
    stop: async (): Promise<void> => {
      stop.abort();
      await Promise.all(clients);
    },
  };
}
