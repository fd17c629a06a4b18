import { GrowthBook } from "@growthbook/growthbook";
import { growthbookTrackingPlugin } from "@growthbook/growthbook/plugins";

import { runCollector } from "../running-collector.ts";
import { aFlag } from "./a-flag.ts";

const KEY = "website-key";
const collector = runCollector(KEY);

const flag = aFlag({ audience: [{ attribute: "plan", in: ["pro"] }] });

test("GrowthBook's SDK loads the features, and what it shows and counts is in the event log", async () => {
  await collector.declare(flag);
  const sdk = new GrowthBook({
    apiHost: collector.url,
    clientKey: KEY,
    attributes: { id: "user-1", user_id: "user-1", plan: "pro", consent: { analytics: true } },
    plugins: [
      growthbookTrackingPlugin({ ingestorHost: collector.url, enableFeatureUsageEvents: false }),
    ],
  });
  expect(await sdk.init({ timeout: 5_000 })).toMatchObject({ success: true, source: "network" });
  expect(sdk.getFeatureValue("checkout", "none")).toBe("green");
  await sdk.logEvent("Order Completed", { revenue: 12.5 });
  const person = {
    dialect: "growthbook",
    anonymousId: "user-1",
    userId: "user-1",
    consent: ["analytics"],
    context: expect.objectContaining({ plan: "pro", sdk_language: "js" }),
  };
  const stored = await collector.stored(2);
  expect(stored).toHaveLength(2);
  expect(stored).toEqual(
    expect.arrayContaining([
      expect.objectContaining({
        ...person,
        type: "exposure",
        name: "checkout",
        properties: { experiment: "checkout", variant: "on", version: 1 },
        campaign: "spring-sale",
      }),
      expect.objectContaining({
        ...person,
        type: "track",
        name: "Order Completed",
        properties: { revenue: 12.5 },
      }),
    ]),
  );
  expect(await collector.reasons()).toEqual([]);
  sdk.destroy();
}, 30_000);

test("a stream tells of each change", async () => {
  const features = await fetch(`${collector.url}/api/features/${KEY}`);
  expect(features.headers.get("x-sse-support")).toBe("enabled");
  const { headers, body } = await fetch(`${collector.url}/sub/${KEY}`);
  expect(headers.get("content-type")).toBe("text/event-stream");
  const reader = body!.pipeThrough(new TextDecoderStream()).getReader();
  await collector.declare(aFlag({ key: "other" }));
  let text = "";
  while (!text.includes("\n\nevent")) text += (await reader.read()).value;
  expect(text).toBe("retry: 5000\n\nevent: features-updated\ndata:\n\n");
  await reader.cancel();
}, 30_000);
