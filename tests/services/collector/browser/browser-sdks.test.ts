import { runCollector } from "../running-collector.ts";
import type { StoredEvent } from "../running-collector.ts";
import { visit } from "./site.ts";

const KEY = "website-key";
const collector = runCollector(KEY);

/** The page goes on to another, so that what is said last must outlive it. */
const LEAVE = `setTimeout(() => { location.href = "about:blank"; }, 1_500);`;

/** What each page does: names the user, reports an order, and reports another while it is left. */
const PAGES: Readonly<Record<string, string>> = {
  segment: `
    import { AnalyticsBrowser } from "@segment/analytics-next";
    const sdk = AnalyticsBrowser.load(
      { writeKey: "${KEY}", cdnURL: COLLECTOR },
      { integrations: { "Segment.io": {
        apiHost: new URL(COLLECTOR).host + "/v1", protocol: "http",
        deliveryStrategy: { config: { keepalive: true } },
      } } },
    );
    const context = { consent: { categoryPreferences: { analytics: true } } };
    sdk.identify("user-1", {}, { context });
    sdk.track("Order Completed", { revenue: 12.5 }, { context });
    addEventListener("pagehide", () => sdk.instance.track("Left", {}, { context }));
  `,
  rudderstack: `
    import { RudderAnalytics } from "@rudderstack/analytics-js/bundled";
    const sdk = new RudderAnalytics();
    sdk.load("${KEY}", COLLECTOR, {
      configUrl: COLLECTOR, useBeacon: true, beaconQueueOptions: { flushQueueInterval: 500 },
      consentManagement: { enabled: true, provider: "custom", allowedConsentIds: ["analytics"], deniedConsentIds: [] },
    });
    sdk.identify("user-1");
    sdk.track("Order Completed", { revenue: 12.5 });
    addEventListener("pagehide", () => sdk.track("Left"));
  `,
  posthog: `
    import posthog from "posthog-js";
    posthog.init("${KEY}", { api_host: COLLECTOR, autocapture: false, capture_pageview: false, capture_pageleave: false,
      // It says nothing for a browser that calls itself headless.
      opt_out_useragent_filter: true });
    posthog.register({ consent: { analytics: true } });
    posthog.identify("user-1");
    posthog.capture("Order Completed", { revenue: 12.5 });
    addEventListener("pagehide", () => posthog.capture("Left", {}, { transport: "sendBeacon" }));
  `,
  mixpanel: `
    import mixpanel from "mixpanel-browser";
    mixpanel.init("${KEY}", { api_host: COLLECTOR, batch_flush_interval_ms: 300 });
    mixpanel.register({ consent: { analytics: true } });
    mixpanel.identify("user-1");
    mixpanel.track("Order Completed", { revenue: 12.5 });
    addEventListener("pagehide", () => mixpanel.track("Left", {}, { transport: "sendBeacon" }));
  `,
  amplitude: `
    import * as amplitude from "@amplitude/analytics-browser";
    amplitude.init("${KEY}", "user-1", {
      serverUrl: COLLECTOR + "/2/httpapi", remoteConfig: { serverUrl: COLLECTOR + "/config" },
      enableDiagnostics: false, autocapture: false, flushIntervalMillis: 300,
    });
    amplitude.add({ name: "consent", type: "enrichment", setup: async () => undefined,
      execute: async (event) => ({ ...event, event_properties: { ...event.event_properties, consent: { analytics: true } } }) });
    amplitude.track("Order Completed", { revenue: 12.5 });
    addEventListener("pagehide", () => { amplitude.setTransport("beacon"); amplitude.track("Left"); amplitude.flush(); });
  `,
  snowplow: `
    import { newTracker, setUserId, trackSelfDescribingEvent, trackStructEvent, addGlobalContexts } from "@snowplow/browser-tracker";
    newTracker("sp", COLLECTOR, { appId: "${KEY}", keepalive: true });
    setUserId("user-1");
    addGlobalContexts([{ schema: "iglu:com.snowplowanalytics.snowplow/consent_preferences/jsonschema/1-0-0",
      data: { eventType: "allow_selected", consentScopes: ["analytics"], basisForProcessing: "consent" } }]);
    trackStructEvent({ category: "shop", action: "Order Completed", value: 12.5 });
    addEventListener("pagehide", () => trackStructEvent({ category: "shop", action: "Left" }));
  `,
};

test.each(Object.entries(PAGES))(
  "what %s's SDK says in Chromium on another origin is in the event log, also what it says while the page is left",
  async (dialect, script) => {
    let stored: StoredEvent[] = [];
    await visit({
      script: script + LEAVE,
      collectorUrl: collector.url,
      seen: async () => {
        let wanted = 2;
        do stored = await collector.stored(wanted++);
        while (!["Order Completed", "Left"].every((name) => stored.some((e) => e.name === name)));
      },
    });
    const person = { dialect, userId: "user-1", consent: ["analytics"] };
    const named = (name: string): StoredEvent[] => stored.filter((event) => event.name === name);
    expect(named("Order Completed")).toMatchObject([
      { ...person, anonymousId: expect.any(String) },
    ]);
    expect(named("Left")).toMatchObject([{ ...person, anonymousId: expect.any(String) }]);
    expect(JSON.stringify(named("Order Completed")[0]!.properties)).toContain("12.5");
    expect(await collector.reasons()).toEqual([]);
  },
  60_000,
);
