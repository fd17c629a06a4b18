/** Lines that make the SDKs of a dialect send to the collector. */
type Snippet = (at: {
  readonly url: string;
  readonly host: string;
  /** Host and port for what insists on https. */
  readonly secureHost: string;
  readonly key: string;
}) => string;

/** What to write into a site or app, by dialect: each as the vendor's own SDK takes it. */
const SNIPPETS: Readonly<Record<string, Snippet>> = {
  segment: ({ url, host, key }) => `// @segment/analytics-node
const analytics = new Analytics({ writeKey: "${key}", host: "${url}" });
// @segment/analytics-next
AnalyticsBrowser.load(
  { writeKey: "${key}", cdnURL: "${url}" },
  { integrations: { "Segment.io": { apiHost: "${host}/v1", protocol: "${protocolOf(url)}" } } },
);`,
  rudderstack: ({ url, key }) => `// @rudderstack/rudder-sdk-node
const analytics = new Analytics("${key}", { dataPlaneUrl: "${url}" });
// @rudderstack/analytics-js
analytics.load("${key}", "${url}", { configUrl: "${url}" });`,
  ga4: ({ url, key }) => `// gtag.js; the write key has to be the G-… of the data stream
gtag("config", "${key}", { server_container_url: "${url}" });
// Measurement Protocol
fetch("${url}/mp/collect?api_secret=${key}", { method: "POST", body: JSON.stringify({ client_id, events }) });`,
  posthog: ({ url, key }) => `// posthog-node
const posthog = new PostHog("${key}", { host: "${url}" });
// posthog-js
posthog.init("${key}", { api_host: "${url}" });
posthog.register({ consent: { analytics: true } });`,
  mixpanel: ({ url, host, key }) => `// mixpanel
const mixpanel = Mixpanel.init("${key}", { host: "${host}", protocol: "${protocolOf(url)}" });
// mixpanel-browser
const consent = { analytics: true };
const agreed = (change) => ({ ...change, consent });
const hooks = { before_send_people: agreed, before_send_groups: agreed };
mixpanel.init("${key}", { api_host: "${url}", hooks });
mixpanel.register({ consent });`,
  amplitude: ({ url, key }) => `// @amplitude/analytics-node
amplitude.init("${key}", { serverUrl: "${url}/2/httpapi" });
// @amplitude/analytics-browser
amplitude.init("${key}", { serverUrl: "${url}/2/httpapi", remoteConfig: { serverUrl: "${url}/config" } });`,
  snowplow: ({ url, key }) => `// @snowplow/node-tracker
const tracker = newTracker({ namespace: "ns", appId: "${key}" }, { endpoint: "${url}" });
// @snowplow/browser-tracker
newTracker("ns", "${url}", { appId: "${key}" });`,
  mparticle: ({ url, secureHost, key }) => `// mparticle
const api = new mParticle.EventsApi(new mParticle.Configuration("${key}", "secret"));
api.apiClient.basePath = "${url}/v2";
// @mparticle/web-sdk; by https alone: its domain needs a certificate, as of collectorTls
mParticle.init("${key}", {
  domain: "${secureHost}",
  identityCallback: (result) => {
    const consent = mParticle.Consent.createConsentState();
    consent.addGDPRConsentState("analytics", mParticle.Consent.createGDPRConsent(true));
    result.getUser().setConsentState(consent);
  },
});`,
  ofrep: ({ url, key }) => `// @openfeature/ofrep-provider
new OFREPProvider({ baseUrl: "${url}", headers: [["x-api-key", "${key}"]] });
// In the context: targetingKey, and what was granted, as consent: { analytics: true, personalization: true }`,
  optimizely: ({ url, key }) => `// @optimizely/optimizely-sdk
createPollingProjectConfigManager({ sdkKey: "${key}", urlTemplate: "${url}/datafiles/%s.json" });`,
  growthbook: ({ url, key }) => `// @growthbook/growthbook
new GrowthBook({ apiHost: "${url}", clientKey: "${key}" });
// In the attributes: id, and what was granted, as consent: { analytics: true, personalization: true }`,
  vwo: ({
    url,
    key,
  }) => `// vwo-fme-node-sdk; events tell what postSegmentationVariables of the user names: consent, userId
const vwo = await init({ accountId: "1", sdkKey: "${key}", gatewayService: { url: "${url}" }, isUsageStatsDisabled: true });`,
};

/** Dialects that there is a snippet for. */
export const snippetDialects = Object.keys(SNIPPETS);

/**
 * {@link SNIPPETS} for a write key.
 *
 * @param url address of the collector.
 * @param tlsPort port by which it speaks TLS besides. @default - it does not, or `url` is https
 */
export function snippetsOf(
  url: string,
  key: string,
  dialects: readonly string[],
  tlsPort?: number,
): readonly string[] {
  const { origin, host, hostname } = new URL(url);
  const secureHost = tlsPort === undefined ? host : `${hostname}:${tlsPort}`;
  return dialects
    .filter((dialect) => snippetDialects.includes(dialect))
    .map(
      (dialect) =>
        `${dialect}\n${indented(SNIPPETS[dialect]!({ url: origin, host, secureHost, key }))}`,
    );
}

function protocolOf(url: string): string {
  return url.slice(0, url.indexOf(":"));
}

function indented(text: string): string {
  return text.replaceAll(/^/gm, "  ");
}
