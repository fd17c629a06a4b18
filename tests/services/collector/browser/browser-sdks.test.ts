import { madeCertificate } from "../../../made-certificate.ts";
import { aFlag } from "../flags/a-flag.ts";
import { runCollector } from "../running-collector.ts";
import type { StoredEvent } from "../running-collector.ts";
import { PAGES, SAID } from "./pages.ts";
import { visit } from "./site.ts";

const KEY = "website-key";
const made = madeCertificate();
const collector = runCollector(KEY, made);

/** Events of a name, once there are any. */
async function named(name: string): Promise<StoredEvent[]> {
  for (let count = 1; ; count += 1) {
    const found = (await collector.stored(count)).filter((event) => event.name === name);
    if (found.length > 0) return found;
  }
}

/** Keeps those that are equal in all of it in the order of their time. */
function byWhatIsSaid(one: StoredEvent, other: StoredEvent): number {
  const [first, second] = [one, other].map(({ type, name, properties }) =>
    [type, name, JSON.stringify(properties)].join(" "),
  );
  return first! < second! ? -1 : first! > second! ? 1 : 0;
}

test.each([
  ...Object.keys(PAGES).map((sdk) => [sdk, sdk === "mparticle" ? "https" : "http"] as const),
  // The one whose settings tell it which of the two.
  ["segment", "https"] as const,
])(
  "all that %s's SDK says by %s in Chromium on another origin is in the event log, also what it says while the page is left",
  async (dialect, scheme) => {
    await visit({
      script: PAGES[dialect]!,
      collectorUrl: scheme === "https" ? collector.secureUrl : collector.url,
      writeKey: KEY,
      certificate: made.certificate,
      seen: async (leave) => {
        await named("Order Completed");
        leave();
        await named("Left");
      },
    });
    const [order] = await named("Order Completed");
    expect(JSON.stringify(order!.properties)).toContain("12.5");
    const usual = {
      dialect,
      anonymousId: expect.any(String),
      userId: "user-1",
      consent: ["analytics"],
      campaign: "spring",
    };
    const said = SAID[dialect]!.map((event) => ({ ...usual, ...event }));
    expect((await collector.stored(said.length)).sort(byWhatIsSaid)).toMatchObject(said);
    expect(await collector.reasons()).toEqual([]);
  },
  60_000,
);

test("mParticle's SDK succeeds with who somebody is, and each field of what it sends is in the event log", async () => {
  await visit({
    script: `
      import mParticle from "@mparticle/web-sdk";
      const succeeds = async (name, ...args) => {
        const { httpCode } = await new Promise((told) => mParticle.Identity[name](...args, told));
        if (httpCode !== 200 && httpCode !== 202) report(name + " was answered " + httpCode);
      };
      const agree = () => {
        const consent = mParticle.Consent.createConsentState();
        consent.addGDPRConsentState("analytics", mParticle.Consent.createGDPRConsent(true, 1, "v1", "here", "device"));
        mParticle.Identity.getCurrentUser().setConsentState(consent);
      };
      const visits = async () => {
        const visitor = mParticle.Identity.getCurrentUser().getMPID();
        await succeeds("login", { userIdentities: { customerid: "user-1" } });
        const customer = mParticle.Identity.getCurrentUser();
        await succeeds("modify", { userIdentities: { email: "user-1@example.com" } });
        await succeeds("aliasUsers", { sourceMpid: visitor, destinationMpid: customer.getMPID(), startTime: 1, endTime: 2 });
        agree();
        customer.setUserAttribute("plan", "pro");
        mParticle.setPosition(1.5, 2.5);
        mParticle.logEvent("Seen", mParticle.EventType.Navigation, { price: 5 }, { flag: "on" });
        const shirt = mParticle.eCommerce.createProduct("Shirt", "sku-1", 5);
        mParticle.eCommerce.logProductAction(mParticle.ProductActionType.Purchase, [shirt], {}, {}, { Id: "order-1", Revenue: 5 });
        await succeeds("logout", {});
        agree();
        mParticle.logPageView("Goodbye");
        if (mParticle.Identity.getCurrentUser().getMPID() !== visitor) report("a customer left, but is still there");
      };
      mParticle.init(KEY, {
        domain: new URL(COLLECTOR).host,
        appName: "shop",
        identityCallback: visits,
      });
    `,
    collectorUrl: collector.secureUrl,
    writeKey: KEY,
    certificate: made.certificate,
    seen: async () => void (await named("Goodbye")),
  });
  const session = {
    session_uuid: expect.any(String),
    session_start_unixtime_ms: expect.any(Number),
    active_time_on_site_ms: expect.any(Number),
    location: { latitude: 1.5, longitude: 2.5 },
  };
  const [seen] = await named("Seen");
  expect(seen).toEqual({
    id: expect.any(String),
    type: "track",
    name: "Seen",
    dialect: "mparticle",
    anonymousId: expect.any(String),
    userId: "user-1",
    occurredAt: expect.any(String),
    context: {
      event_type: "custom_event",
      source_request_id: expect.any(String),
      mpid: expect.any(String),
      environment: "production",
      sdk_version: "2.68.0",
      application_info: { application_name: "shop" },
      device_info: { platform: "web", screen_width: 800, screen_height: 600 },
      user_attributes: { plan: "pro" },
      user_identities: { customer_id: "user-1", email: "user-1@example.com" },
      consent_state: {
        gdpr: {
          analytics: {
            consented: true,
            timestamp_unixtime_ms: 1,
            document: "v1",
            location: "here",
            hardware_id: "device",
          },
        },
        ccpa: null,
      },
      integration_attributes: {},
    },
    properties: {
      ...session,
      custom_event_type: "navigation",
      custom_flags: { flag: "on" },
      price: 5,
    },
    consent: ["analytics"],
    campaign: null,
  });
  expect((await named("purchase"))[0]!.properties).toMatchObject({
    ...session,
    product_action: {
      action: "purchase",
      transaction_id: "order-1",
      total_amount: 5,
      products: [{ id: "sku-1", name: "Shirt", price: 5 }],
    },
  });
  expect(await named("Goodbye")).toMatchObject([{ type: "screen", userId: null }]);
  const aliases = (await collector.stored(1)).filter(({ type }) => type === "alias");
  expect(aliases).toMatchObject([{ name: null, consent: [] }]);
  expect(await collector.reasons()).toEqual([]);
}, 60_000);

test("GrowthBook's SDK in Chromium on another origin hears of a changed flag by its stream", async () => {
  await collector.declare(aFlag());
  await visit({
    script: `
      import { GrowthBook, setPolyfills } from "@growthbook/growthbook";
      import { growthbookTrackingPlugin } from "@growthbook/growthbook/plugins";
      const sdk = new GrowthBook({
        apiHost: COLLECTOR,
        clientKey: KEY,
        attributes: { id: "user-1", consent: { analytics: true } },
        plugins: [growthbookTrackingPlugin({ ingestorHost: COLLECTOR, enableFeatureUsageEvents: false })],
      });
      const say = () => sdk.logEvent(sdk.getFeatureValue("checkout", "none"));
      setPolyfills({ EventSource: class extends EventSource {
        constructor(url) { super(url); this.addEventListener("open", say); }
      } });
      sdk.init({ streaming: true }).then(() => sdk.setRenderer(say));
    `,
    collectorUrl: collector.url,
    writeKey: KEY,
    seen: async () => {
      await named("green");
      const [off, on] = aFlag().variants;
      await collector.declare(aFlag({ variants: [off!, { ...on!, value: "blue" }] }));
      await named("blue");
    },
  });
  expect(await collector.reasons()).toEqual([]);
}, 60_000);
