import { campaignIdOf } from "../../../../services/collector/flags/vwo-settings.ts";
import { openApp, WRITE_KEY } from "../open-app.ts";
import { aFlag } from "./a-flag.ts";

const flag = aFlag({ bucketing: "vwo" });
const PATH = `/events/t?en=x&a=1&env=${WRITE_KEY}`;

const shown = (event: object = {}, changes: object = {}): object => ({
  d: {
    msgId: "ID-1",
    visId: "ID",
    visitor: { props: { consent: "analytics" } },
    event: {
      name: "vwo_variationShown",
      time: 0,
      props: { id: campaignIdOf(flag), variation: 2 },
      ...event,
    },
    ...changes,
  },
});

async function keptOf(...bodies: unknown[]) {
  const { post, kept } = await openApp(undefined, [{ key: flag.key, version: 1, flag }]);
  for (const body of bodies) expect((await post(PATH, body, {})).status).toBe(200);
  return kept();
}

test("a variation of a flag that is declared is an exposure", async () => {
  expect((await keptOf(shown())).events).toMatchObject([
    {
      type: "exposure",
      name: "checkout",
      anonymousId: "ID",
      occurredAt: "1970-01-01T00:00:00.000Z",
      properties: { experiment: "checkout", variant: "on" },
    },
  ]);
});

test("what is no such variation is what happened", async () => {
  const unknown = shown({ props: { id: 7, variation: 2 } });
  const goal = shown({
    name: "purchase",
    props: { isCustomEvent: true, id: 1, variation: 1, revenue: 5 },
  });
  expect((await keptOf(unknown, goal)).events).toMatchObject([
    { type: "track", name: "vwo_variationShown", properties: { id: 7, variation: 2 } },
    { type: "track", name: "purchase", properties: { revenue: 5 } },
  ]);
});

test("two events of one decision have ids of their own, the same sent again has the same", async () => {
  const other = shown({ props: { id: 7, variation: 1 } });
  const { events } = await keptOf(shown(), other, shown());
  expect(new Set(events.map(({ id }) => id)).size).toBe(2);
});

test("without consent nothing is left that leads to a person", async () => {
  const { events } = await keptOf(shown({}, { visitor: { props: {} } }));
  expect(events).toMatchObject([{ anonymousId: null, properties: {}, context: {}, consent: [] }]);
  expect(events[0]!.id).not.toContain("ID");
});

test("without consent the same event has another id each time, since it would tell of whom it is", async () => {
  const denied = { visitor: { props: {} } };
  const goal = { name: "purchase", props: { isCustomEvent: true } };
  for (const one of [shown({}, denied), shown(goal, denied)]) {
    const [first, second] = (await keptOf(one, one)).events;
    expect(first!.id).not.toBe(second!.id);
  }
});

test.each<[unknown, string]>([
  [{}, "d must be a JSON object, got nothing"],
  [{ d: {} }, "event must be a JSON object, got nothing"],
  [shown({ name: "" }), 'name must be the name of what happened, got ""'],
  [shown({ props: 7 }), "props must be a JSON object, got 7"],
  [shown({ time: "now" }), 'time must be milliseconds since 1970, got "now"'],
])("fails on %j with a bad row: %s", async (sent, reason) => {
  const { badRows } = await keptOf(sent);
  expect(badRows.map((row) => row.reason)).toEqual([reason]);
});

test("fails on a body that is none with 400, which is not sent again", async () => {
  const { post, kept } = await openApp();
  expect((await post(PATH, "{", {})).status).toBe(400);
  expect((await post(PATH, "x".repeat(300_000), {})).status).toBe(400);
  expect((await kept()).badRows).toHaveLength(2);
});

test("fails without a known key with 401", async () => {
  const { get, post } = await openApp();
  expect((await get("/server-side/v2-settings?i=nobody")).status).toBe(401);
  expect((await post("/events/t?env=nobody", shown(), {})).status).toBe(401);
});
