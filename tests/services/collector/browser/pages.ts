/** What the page of each SDK does: says what its SDK can of a user, reports an order, and tells that it is left while it is. */
export const PAGES: Readonly<Record<string, string>> = {
  segment: `
    import { AnalyticsBrowser } from "@segment/analytics-next";
    const sdk = AnalyticsBrowser.load(
      { writeKey: KEY, cdnURL: COLLECTOR },
      { integrations: { "Segment.io": { deliveryStrategy: { config: { keepalive: true } } } } },
    );
    const context = { consent: { categoryPreferences: { analytics: true } } };
    sdk.identify("user-1", { plan: "pro" }, { context });
    sdk.page("Docs", "Index", {}, { context });
    sdk.screen("Home", {}, { context });
    sdk.group("acme", { name: "Acme" }, { context });
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
    sdk.identify("user-1", { plan: "pro" });
    sdk.page("Docs", "Index");
    sdk.group("acme", { name: "Acme" });
    sdk.alias("user-2", "user-1");
    sdk.track("Order Completed", { revenue: 12.5 });
    addEventListener("pagehide", () => sdk.track("Left"));
  `,
  posthog: `
    import posthog from "posthog-js";
    posthog.init(KEY, { api_host: COLLECTOR, autocapture: false, capture_pageview: true, capture_pageleave: false,
      // It says nothing for a browser that calls itself headless.
      opt_out_useragent_filter: true });
    const agree = () => posthog.register({ consent: { analytics: true } });
    agree();
    posthog.identify("user-1", { plan: "pro" });
    posthog.unsetPersonProperties("old");
    posthog.group("company", "acme", { name: "Acme" });
    posthog.alias("user-0");
    posthog.capture("Order Completed", { revenue: 12.5 });
    addEventListener("pagehide", () => {
      posthog.capture("Left", {}, { transport: "sendBeacon" });
      posthog.reset();
      agree();
      posthog.capture("Gone", {}, { transport: "sendBeacon" });
    });
  `,
  mixpanel: `
    import mixpanel from "mixpanel-browser";
    const consent = { analytics: true };
    const agreed = (change) => ({ ...change, consent });
    mixpanel.init(KEY, { api_host: COLLECTOR, batch_flush_interval_ms: 300,
      hooks: { before_send_people: agreed, before_send_groups: agreed } });
    mixpanel.register({ consent });
    mixpanel.track("Seen");
    mixpanel.identify("user-1");
    mixpanel.people.set({ plan: "pro" });
    mixpanel.people.unset("old");
    mixpanel.get_group("company", "acme").set({ name: "Acme" });
    mixpanel.track_pageview();
    mixpanel.track("Order Completed", { revenue: 12.5 });
    addEventListener("pagehide", () => mixpanel.track("Left", {}, { transport: "sendBeacon" }));
  `,
  amplitude: `
    import * as amplitude from "@amplitude/analytics-browser";
    amplitude.init(KEY, "user-1", {
      serverUrl: COLLECTOR + "/2/httpapi", remoteConfig: { serverUrl: COLLECTOR + "/config" },
      enableDiagnostics: false, autocapture: { pageViews: true, sessions: false, formInteractions: false,
        fileDownloads: false, elementInteractions: false, frustrationInteractions: false }, flushIntervalMillis: 300,
    });
    amplitude.add({ name: "consent", type: "enrichment", setup: async () => undefined,
      execute: async (event) => ({ ...event, event_properties: { ...event.event_properties, consent: { analytics: true } } }) });
    amplitude.identify(new amplitude.Identify().set("plan", "pro").unset("old"));
    amplitude.setGroup("company", "acme");
    amplitude.groupIdentify("company", "acme", new amplitude.Identify().set("name", "Acme"));
    amplitude.revenue(new amplitude.Revenue().setProductId("sku-1").setPrice(5));
    amplitude.track("Order Completed", { revenue: 12.5 });
    addEventListener("pagehide", () => { amplitude.setTransport("beacon"); amplitude.track("Left"); amplitude.flush(); });
  `,
  snowplow: `
    import { newTracker, setUserId, trackPageView, trackSelfDescribingEvent, trackStructEvent, addGlobalContexts,
      disableAnonymousTracking } from "@snowplow/browser-tracker";
    newTracker("sp", COLLECTOR, { appId: KEY, keepalive: true, anonymousTracking: { withServerAnonymisation: true } });
    addGlobalContexts([{ schema: "iglu:com.snowplowanalytics.snowplow/consent_preferences/jsonschema/1-0-0",
      data: { eventType: "allow_selected", consentScopes: ["analytics"], basisForProcessing: "consent" } }]);
    trackStructEvent({ category: "shop", action: "Seen" });
    disableAnonymousTracking();
    setUserId("user-1");
    trackPageView();
    trackSelfDescribingEvent({ event: { schema: "iglu:com.acme/basket/jsonschema/1-0-0", data: { size: 2 } },
      context: [{ schema: "iglu:com.acme/shop/jsonschema/1-0-0", data: { city: "Bonn" } }] });
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

const order = { type: "track", name: "Order Completed" };
const left = { type: "track", name: "Left" };
const acme = { type: "group", name: null, properties: { name: "Acme" } };
const unknown = { dialect: null, anonymousId: null, userId: null, consent: [], campaign: null };
const pro = { type: "identify", name: null, properties: { plan: "pro" } };

/**
 * What of it is in the event log, by type, name, properties and time. Where nothing else is said, it is user-1's, who came by campaign
 * `spring`.
 */
export const SAID: Readonly<Record<string, readonly object[]>> = {
  segment: [
    { ...acme, context: { groupId: "acme" } },
    pro,
    { type: "page", name: "Index", properties: { category: "Docs" } },
    { type: "screen", name: "Home" },
    left,
    order,
  ],
  rudderstack: [
    { type: "alias", name: null, userId: "user-2", properties: { previousId: "user-1" } },
    { ...acme, context: { groupId: "acme" } },
    pro,
    { type: "page", name: "Index", properties: { category: "Docs" } },
    left,
    order,
  ],
  posthog: [
    { type: "alias", name: null, properties: { previousId: "user-0" } },
    { ...acme, context: { groupId: "acme" } },
    { type: "identify", name: null, properties: { old: null } },
    pro,
    { type: "page", name: "Shop" },
    { type: "track", name: "Gone", userId: null },
    left,
    order,
  ],
  mixpanel: [
    { ...acme, context: { groupId: "acme" }, anonymousId: null, userId: null, campaign: null },
    { ...pro, campaign: null },
    { type: "identify", name: null, campaign: null, properties: { old: null } },
    { type: "identify", name: null, properties: {} },
    // Where the person first came from, which the SDK says by itself.
    {
      type: "identify",
      name: null,
      campaign: null,
      context: { $set_once: { initial_utm_campaign: "spring" } },
    },
    { type: "page", name: "Shop" },
    left,
    order,
    { type: "track", name: "Seen", userId: null },
  ],
  amplitude: [
    { ...acme, context: { groupId: "acme" }, campaign: null },
    { type: "identify", name: null, properties: { company: "acme" }, campaign: null },
    // Where the person comes from, which the SDK says by itself.
    { type: "identify", name: null, properties: { utm_campaign: "spring", utm_source: null } },
    { ...pro, properties: { plan: "pro", old: null }, campaign: null },
    { type: "page", name: "Shop" },
    left,
    order,
    { type: "track", name: "revenue_amount", properties: { $price: 5, $productId: "sku-1" } },
  ],
  snowplow: [
    { type: "page", name: "Shop" },
    left,
    order,
    { type: "track", name: "Seen", anonymousId: null, userId: null },
    { type: "track", name: "basket", properties: { size: 2 } },
  ],
  // It does not say where the page is.
  mparticle: [
    { ...left, campaign: null },
    { ...order, campaign: null },
    // Said before anybody agreed.
    { ...unknown, name: "application_state_transition" },
    { ...unknown, name: "session_start" },
    { ...unknown, name: "user_identity_change" },
  ],
};
