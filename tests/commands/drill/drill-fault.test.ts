import { serve, type ServerType } from "@hono/node-server";
import type { AddressInfo } from "node:net";
import { ownState } from "../own-state.ts";
import { drillFault, type DrillContext } from "../../../commands/drill/drill-fault.ts";
import type { Fault } from "../../../commands/drill/fault.ts";
import { hearingOf } from "../../../commands/drill/heard.ts";
import { Journal } from "../../../commands/drill/journal.ts";
import type { Stage } from "../../../commands/drill/stage.ts";
import { recordIncidents } from "../../../local/monitoring/incidents/log.ts";
import { createApp } from "../../../local/receiver/app.ts";
import { Inbox } from "../../../local/receiver/notification.ts";
import { startEmulator, type Emulator } from "../../local/monitoring/emulator.ts";

// A real receiver and a real emulator; only who evaluates and delivers is the test.

const project = "marketing-stack-drilled";
const policy = `projects/${project}/alertPolicies/1`;

let inbox: Inbox;
let emulator: Emulator;
let servers: ServerType[];
let context: DrillContext;

beforeEach(async () => {
  inbox = new Inbox();
  emulator = await startEmulator();
  servers = [];
  const [receiver, monitoring] = await Promise.all([
    listening(createApp(inbox).fetch),
    listening(emulator.app.fetch),
  ]);
  const stage = { project, platform: { receiver, monitoring } } as Stage;
  context = {
    stage,
    hearing: hearingOf(stage),
    journal: new Journal("drilled", `${ownState}/${Math.random()}`),
    requireGoing: () => undefined,
  };
});
afterEach(() => {
  for (const server of servers) server.close();
  emulator.remove();
});

function listening(fetch: Parameters<typeof serve>[0]["fetch"]): Promise<string> {
  return new Promise((resolve) => {
    const server = serve({ fetch, hostname: "127.0.0.1", port: 0 }, ({ port }: AddressInfo) =>
      resolve(`http://127.0.0.1:${port}/`),
    );
    servers.push(server);
  });
}

async function tell(status: "firing" | "resolved"): Promise<void> {
  const alert = { policy, alert: "Broken", labels: {}, state: "firing", value: "1", summary: "" };
  await recordIncidents(emulator.state, emulator.state.read(`projects/${project}`), {
    alerts: status === "firing" ? [{ ...alert, state: "firing" }] : [],
    evaluated: new Set([policy]),
    policies: new Set([policy]),
  });
  inbox.add({ via: "email", to: "", status, project, alert: "Broken", labels: {}, text: "" });
}

/** A fault whose alert fires when it is injected and ends when it is healed, as far as `tells`. */
function fault(tells: readonly ("firing" | "resolved")[], done: string[]): Fault<{ was: number }> {
  return {
    isExclusive: true,
    prepare: async () => ({ was: 1 }),
    async inject() {
      done.push(`injected while the journal says ${JSON.stringify(context.journal.entries)}`);
      if (tells.includes("firing")) await tell("firing");
      return new Date();
    },
    async heal(_stage, { was }) {
      done.push(`healed to ${was}`);
      if (tells.includes("resolved")) await tell("resolved");
    },
  };
}

function drilled(broken: Fault, promisedSeconds = 30): Parameters<typeof drillFault>[0] {
  const drill = { fault: broken, closesWithinSeconds: 1 };
  return [{ alert: "Broken", drill, promisedSeconds }];
}

const injected = `injected while the journal says [{"alert":"Broken","state":{"was":1}}]`;

test("a fault is written down, injected, heard of, healed, and over", async () => {
  const done: string[] = [];
  const [result] = await drillFault(
    drilled(fault(["firing", "resolved"], done)),
    context,
    () => undefined,
  );
  expect(result).toEqual({
    alert: "Broken",
    drilled: true,
    fired: true,
    seconds: expect.any(Number),
    promisedSeconds: 30,
    reason: null,
  });
  expect(done).toEqual([injected, "healed to 1"]);
  expect(context.journal.entries).toEqual([]);
});

test("fails where no notification arrives, and heals", async () => {
  const done: string[] = [];
  const [result] = await drillFault(drilled(fault([], done), 1), context, () => undefined);
  expect(result).toMatchObject({
    fired: false,
    seconds: null,
    reason: "no notification arrived within 1 s",
  });
  expect(done).toEqual([injected, "healed to 1"]);
});

test("fails where the incident stays open", async () => {
  const [result] = await drillFault(drilled(fault(["firing"], [])), context, () => undefined);
  expect(result).toMatchObject({
    fired: true,
    reason: "it did not end within 1 s of healing",
  });
});

test("a fault that cannot be injected whole is healed too", async () => {
  const done: string[] = [];
  const broken: Fault<{ was: number }> = {
    ...fault([], done),
    inject: () => Promise.reject(new Error("kubectl must succeed")),
  };
  await expect(drillFault(drilled(broken), context, () => undefined)).rejects.toThrow(
    "kubectl must succeed",
  );
  expect(done).toEqual(["healed to 1"]);
  expect(context.journal.entries).toEqual([]);
});

test("of a fault that cannot be healed the journal still knows", async () => {
  const broken: Fault<{ was: number }> = {
    ...fault(["firing"], []),
    heal: () => Promise.reject(new Error("the cluster must answer")),
  };
  await expect(drillFault(drilled(broken), context, () => undefined)).rejects.toThrow(
    "the cluster must answer",
  );
  const after = new Journal("drilled", context.journal.path.replace("/drilled/drill.json", ""));
  expect(after.entries).toEqual([{ alert: "Broken", state: { was: 1 } }]);
});

test("nothing is injected once the drill is ended", async () => {
  const done: string[] = [];
  const ended = {
    ...context,
    requireGoing: () => {
      throw new Error("the drill was ended");
    },
  };
  await expect(drillFault(drilled(fault([], done)), ended, () => undefined)).rejects.toThrow(
    "the drill was ended",
  );
  expect(done).toEqual([]);
});

test("an alarm that is the end of an alert is heard by its end", async () => {
  await tell("firing");
  const broken: Fault<null> = {
    isExclusive: true,
    prepare: async () => null,
    inject: async () => {
      const begun = new Date();
      await tell("resolved");
      return begun;
    },
    heal: () => tell("firing"),
  };
  const drill = { fault: broken, alarm: "resolved", closesWithinSeconds: 1 } as const;
  const [result] = await drillFault(
    [{ alert: "Broken", drill, promisedSeconds: 30 }],
    context,
    () => undefined,
  );
  expect(result).toMatchObject({ fired: true, reason: null });
});
