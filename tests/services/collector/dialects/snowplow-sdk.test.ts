import {
  buildPageView,
  buildScreenView,
  buildSelfDescribingEvent,
  buildStructEvent,
  newTracker,
} from "@snowplow/node-tracker";

import { runCollector } from "../running-collector.ts";

const APP = "website-app";
const collector = runCollector(APP);

const agreed = {
  schema: "iglu:com.snowplowanalytics.snowplow/consent_preferences/jsonschema/1-0-0",
  data: {
    eventType: "allow_selected",
    consentScopes: ["analytics"],
    basisForProcessing: "consent",
  },
};

test.each([
  ["post", true],
  ["post", false],
  ["get", true],
] as const)(
  "Snowplow's tracker for Node succeeds by %s, base64 %s",
  async (eventMethod, encodeBase64) => {
    const failures: unknown[] = [];
    let sent = 0;
    let done: () => void = () => undefined;
    const allSent = new Promise<void>((resolve) => (done = resolve));
    const tracker = newTracker(
      { namespace: "ns", appId: APP, encodeBase64 },
      {
        endpoint: collector.url,
        eventMethod,
        bufferSize: 4,
        onRequestSuccess: (batch) => {
          sent += batch.length;
          if (sent === 4) done();
        },
        onRequestFailure: (failure) => {
          failures.push(failure);
          done();
        },
      },
    );
    tracker.setUserId("user-1");
    tracker.setDomainUserId("anon-1");
    const at = (second: number): { type: "ttm"; value: number } => ({
      type: "ttm",
      value: Date.UTC(2026, 0, 1, 0, 0, second),
    });
    const pageUrl = "https://x.test/?utm_campaign=spring-sale";
    tracker.track(buildPageView({ pageUrl, pageTitle: "Index" }), [agreed], at(1));
    tracker.track(
      buildStructEvent({ category: "shop", action: "Order Completed", value: 12.5 }),
      [agreed],
      at(2),
    );
    const schema = "iglu:com.acme/signed_up/jsonschema/1-0-0";
    const event = { schema, data: { plan: "pro", text: "ünïcødé~~???" } };
    tracker.track(buildSelfDescribingEvent({ event }), [agreed], at(3));
    tracker.track(buildScreenView({ name: "Home", id: "screen-1" }), [agreed], at(4));
    await allSent;
    expect(failures).toEqual([]);

    const found = await collector.stored(4);
    expect(await collector.reasons()).toEqual([]);
    expect(found[0]).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      type: "page",
      name: "Index",
      dialect: "snowplow",
      anonymousId: "anon-1",
      userId: "user-1",
      occurredAt: "2026-01-01T00:00:01.000Z",
      context: {
        page: { url: pageUrl, title: "Index" },
        contexts: [agreed],
        snowplow: {
          e: "pv",
          url: pageUrl,
          page: "Index",
          p: "srv",
          tv: "node-4.8.0",
          tna: "ns",
          ttm: String(at(1).value),
          stm: expect.stringMatching(/^\d+$/),
        },
      },
      properties: {},
      consent: ["analytics"],
      campaign: "spring-sale",
    });
    expect(found.slice(1)).toMatchObject([
      {
        type: "track",
        name: "Order Completed",
        properties: { ca: "shop", ac: "Order Completed", va: 12.5 },
      },
      { type: "track", name: "signed_up", properties: event.data, context: { schema } },
      { type: "screen", name: "Home", properties: { name: "Home", id: "screen-1" } },
    ]);
  },
  30_000,
);
