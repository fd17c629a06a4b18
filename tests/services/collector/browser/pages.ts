/** What the page of each SDK does: names the user, reports an order, and tells that it is left while it is. */
export const PAGES: Readonly<Record<string, string>> = {
  segment: `
    import { AnalyticsBrowser } from "@segment/analytics-next";
    const sdk = AnalyticsBrowser.load(
      { writeKey: KEY, cdnURL: COLLECTOR },
      { integrations: { "Segment.io": {
        apiHost: new URL(COLLECTOR).host + "/v1", protocol: new URL(COLLECTOR).protocol.slice(0, -1),
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
    sdk.load(KEY, COLLECTOR, {
      configUrl: COLLECTOR, useBeacon: true, beaconQueueOptions: { flushQueueInterval: 500 },
      consentManagement: { enabled: true, provider: "custom", allowedConsentIds: ["analytics"], deniedConsentIds: [] },
    });
    sdk.identify("user-1");
    sdk.track("Order Completed", { revenue: 12.5 });
    addEventListener("pagehide", () => sdk.track("Left"));
  `,
  posthog: `
    import posthog from "posthog-js";
    posthog.init(KEY, { api_host: COLLECTOR, autocapture: false, capture_pageview: false, capture_pageleave: false,
      // It says nothing for a browser that calls itself headless.
      opt_out_useragent_filter: true });
    posthog.register({ consent: { analytics: true } });
    posthog.identify("user-1");
    posthog.capture("Order Completed", { revenue: 12.5 });
    addEventListener("pagehide", () => posthog.capture("Left", {}, { transport: "sendBeacon" }));
  `,
  mixpanel: `
    import mixpanel from "mixpanel-browser";
    mixpanel.init(KEY, { api_host: COLLECTOR, batch_flush_interval_ms: 300 });
    mixpanel.register({ consent: { analytics: true } });
    mixpanel.identify("user-1");
    mixpanel.track("Order Completed", { revenue: 12.5 });
    addEventListener("pagehide", () => mixpanel.track("Left", {}, { transport: "sendBeacon" }));
  `,
  amplitude: `
    import * as amplitude from "@amplitude/analytics-browser";
    amplitude.init(KEY, "user-1", {
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
    newTracker("sp", COLLECTOR, { appId: KEY, keepalive: true });
    setUserId("user-1");
    addGlobalContexts([{ schema: "iglu:com.snowplowanalytics.snowplow/consent_preferences/jsonschema/1-0-0",
      data: { eventType: "allow_selected", consentScopes: ["analytics"], basisForProcessing: "consent" } }]);
    trackStructEvent({ category: "shop", action: "Order Completed", value: 12.5 });
    addEventListener("pagehide", () => trackStructEvent({ category: "shop", action: "Left" }));
  `,
  mparticle: `
    import mParticle from "@mparticle/web-sdk";
    mParticle.init(KEY, {
      domain: new URL(COLLECTOR).host,
      identifyRequest: { userIdentities: { customerid: "user-1" } },
      identityCallback: (result) => {
        const consent = mParticle.Consent.createConsentState();
        consent.addGDPRConsentState("analytics", mParticle.Consent.createGDPRConsent(true));
        result.getUser().setConsentState(consent);
        mParticle.logEvent("Order Completed", mParticle.EventType.Transaction, { revenue: 12.5 });
      },
    });
    addEventListener("pagehide", () => mParticle.logEvent("Left"));
  `,
};
