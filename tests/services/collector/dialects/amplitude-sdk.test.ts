import * as amplitude from "@amplitude/analytics-node";

import { runCollector } from "../running-collector.ts";

const KEY = "0123456789abcdef0123456789abcdef";
const collector = runCollector(KEY);
const consent = { analytics: true };

/** What a site adds to its set-up, so that each event carries what the person agreed to. */
const consentPlugin: amplitude.Types.EnrichmentPlugin = {
  name: "consent",
  type: "enrichment",
  execute: async (event) => ({
    ...event,
    event_properties: { ...event.event_properties, consent },
  }),
};

test.each(["/2/httpapi", "/batch"])(
  "Amplitude's SDK for Node succeeds at %s",
  async (path) => {
    const sdk = amplitude.createInstance();
    await sdk.init(KEY, { serverUrl: collector.url + path, flushIntervalMillis: 50 }).promise;
    await sdk.add(consentPlugin).promise;
    const who = { user_id: "user-1", device_id: "anon-1" };
    const at = (second: number): number => Date.UTC(2026, 0, 1, 0, 0, second);
    const sent = [
      sdk.track(
        "Order Completed",
        { revenue: 12.5, list: [1], utm_campaign: "spring-sale" },
        { ...who, time: at(1), insert_id: "insert-1", ip: "203.0.113.9" },
      ),
      sdk.identify(new amplitude.Identify().set("plan", "pro").add("logins", 1), {
        ...who,
        time: at(2),
      }),
      sdk.setGroup("company", "acme", { ...who, time: at(3) }),
      sdk.groupIdentify("company", "acme", new amplitude.Identify().set("name", "Acme"), {
        ...who,
        time: at(4),
      }),
      sdk.revenue(new amplitude.Revenue().setProductId("sku").setPrice(12.5), {
        ...who,
        time: at(5),
      }),
    ];
    await sdk.flush().promise;
    const results = await Promise.all(sent.map(({ promise }) => promise));
    expect(results.map(({ code }) => code)).toEqual(Array(5).fill(200));

    const found = await collector.stored(5);
    expect(await collector.reasons()).toEqual([]);
    expect(found[0]).toEqual({
      id: "insert-1",
      type: "track",
      name: "Order Completed",
      dialect: "amplitude",
      anonymousId: "anon-1",
      userId: "user-1",
      occurredAt: "2026-01-01T00:00:01.000Z",
      context: {
        event_id: 0,
        consent,
        ip: "203.0.113.0",
        library: "amplitude-node-ts/1.5.73",
      },
      properties: { revenue: 12.5, list: [1], utm_campaign: "spring-sale" },
      consent: ["analytics"],
      campaign: "spring-sale",
    });
    expect(found.slice(1)).toMatchObject([
      {
        type: "identify",
        name: null,
        properties: { plan: "pro" },
        context: { user_properties: { $set: { plan: "pro" }, $add: { logins: 1 } } },
      },
      {
        type: "identify",
        properties: { company: "acme" },
        context: { groups: { company: "acme" } },
      },
      {
        type: "group",
        properties: { name: "Acme" },
        context: { groupId: "acme", groups: { company: "acme" } },
      },
      {
        type: "track",
        name: "revenue_amount",
        properties: { $productId: "sku", $quantity: 1, $price: 12.5 },
      },
    ]);
  },
  30_000,
);

test("fails at once with a key of no source, without sending again", async () => {
  const sdk = amplitude.createInstance();
  await sdk.init("nobody-nobody", {
    serverUrl: `${collector.url}/2/httpapi`,
    flushIntervalMillis: 50,
    logLevel: amplitude.Types.LogLevel.None,
  }).promise;
  const sent = sdk.track("e", {}, { user_id: "u" });
  await sdk.flush().promise;
  expect((await sent.promise).code).toBe(400);
}, 30_000);
