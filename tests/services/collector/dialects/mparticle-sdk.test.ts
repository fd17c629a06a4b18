import { promisify } from "node:util";

import { runCollector } from "../running-collector.ts";

// It has no types.
// eslint-disable-next-line @typescript-eslint/no-require-imports
const mParticle = require("mparticle");

const KEY = "us1-website-key";
const collector = runCollector(KEY);

function aBatch(): Record<string, unknown> & { addEvent(event: unknown): void } {
  const batch = new mParticle.Batch(mParticle.Batch.Environment.development);
  batch.user_identities = Object.assign(new mParticle.UserIdentities(), { customerid: "user-1" });
  batch.user_attributes = { plan: "pro" };
  batch.mpid = 7;
  const consent = new mParticle.ConsentState();
  consent.gdpr = { analytics: new mParticle.GDPRConsentState("v1", true, 1, "here", "device") };
  batch.consent_state = consent;
  return batch;
}

test("mParticle's SDK for Node succeeds", async () => {
  const sdk = new mParticle.EventsApi(new mParticle.Configuration(KEY, "secret"));
  sdk.apiClient.basePath = `${collector.url}/v2`;
  const batch = aBatch();
  const bought = new mParticle.AppEvent("transaction", "Order Completed");
  bought.custom_attributes = { revenue: "12.5" };
  bought.timestamp_unixtime_ms = Date.UTC(2026, 0, 1);
  batch.addEvent(bought);
  const seen = new mParticle.ScreenViewEvent();
  seen.screen_name = "Home";
  seen.timestamp_unixtime_ms = Date.UTC(2026, 0, 2);
  batch.addEvent(seen);
  await promisify(sdk.uploadEvents.bind(sdk))(batch);

  const second = aBatch();
  const product = Object.assign(new mParticle.Product(), { name: "Shirt", id: "sku-1", price: 5 });
  const action = new mParticle.ProductAction("purchase");
  action.products = [product];
  const commerce = new mParticle.CommerceEvent();
  commerce.product_action = action;
  commerce.timestamp_unixtime_ms = Date.UTC(2026, 0, 3);
  second.addEvent(commerce);
  await promisify(sdk.bulkUploadEvents.bind(sdk))([second, aBatch()]);

  const found = await collector.stored(4);
  expect(await collector.reasons()).toEqual([]);
  expect(found[0]).toEqual({
    id: expect.stringMatching(/^sha256-/),
    type: "track",
    name: "Order Completed",
    dialect: "mparticle",
    anonymousId: "7",
    userId: "user-1",
    occurredAt: "2026-01-01T00:00:00.000Z",
    context: {
      environment: "development",
      event_type: "custom_event",
      mpid: 7,
      user_identities: { customerid: "user-1" },
      user_attributes: { plan: "pro" },
      consent_state: {
        ccpa: {},
        gdpr: {
          analytics: {
            document: "v1",
            consented: true,
            timestamp_unixtime_ms: 1,
            location: "here",
            hardware_id: "device",
          },
        },
      },
    },
    properties: { custom_event_type: "transaction", revenue: "12.5" },
    consent: ["analytics"],
    campaign: null,
  });
  expect(found.slice(1)).toMatchObject([
    { type: "screen", name: "Home" },
    {
      type: "track",
      name: "purchase",
      properties: { product_action: { products: [{ name: "Shirt", id: "sku-1", price: 5 }] } },
    },
    { type: "identify", name: null, properties: { plan: "pro" }, userId: "user-1" },
  ]);
}, 30_000);
