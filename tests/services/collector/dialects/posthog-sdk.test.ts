import { PostHog } from "posthog-node";

import { runCollector } from "../running-collector.ts";

const KEY = "phc_website_key";
const collector = runCollector(KEY);
const consent = { analytics: true, email: true };

test("PostHog's SDK for Node that would decide flags by itself learns that there are none", async () => {
  const sdk = new PostHog(KEY, { host: collector.url, personalApiKey: "phx_personal_key" });
  const [loaded, errors]: unknown[][] = [[], []];
  sdk.on("localEvaluationFlagsLoaded", (count: unknown) => loaded!.push(count));
  sdk.on("error", (error: unknown) => errors!.push(error));
  await sdk.reloadFeatureFlags();
  expect(await sdk.getAllFlags("user-1")).toEqual({});
  await sdk.shutdown();
  expect([new Set(loaded), errors]).toEqual([new Set([0]), []]);
});

test.each([true, false])(
  "PostHog's SDK for Node succeeds, gzip %s",
  async (isCompressed) => {
    const sdk = new PostHog(KEY, {
      host: collector.url,
      disableCompression: !isCompressed,
      flushInterval: 100,
    });
    const errors: unknown[] = [];
    sdk.on("error", (error: unknown) => errors.push(error));
    sdk.capture({
      distinctId: "user-1",
      event: "Order Completed",
      properties: { revenue: 12.5, list: [1], utm_campaign: "spring-sale", consent },
      groups: { company: "acme" },
      timestamp: new Date("2026-01-01T00:00:00Z"),
      uuid: "0190a1b2-0000-7000-8000-000000000001",
    });
    sdk.capture({ event: "Anonymous", properties: { consent }, timestamp: new Date("2026-01-02") });
    sdk.capture({
      distinctId: "user-1",
      event: "$pageview",
      properties: { title: "Index", $current_url: "https://x.test/", consent },
      timestamp: new Date("2026-01-03"),
    });
    sdk.identify({ distinctId: "user-1", properties: { plan: "pro", consent } });
    sdk.groupIdentify({
      groupType: "company",
      groupKey: "acme",
      properties: { name: "Acme", consent },
    });
    expect(await sdk.getAllFlags("user-1")).toEqual({});
    expect((await sdk.evaluateFlags("user-1")).isEnabled("checkout")).toBe(false);
    await sdk.shutdown();

    const found = await collector.stored(5);
    expect(errors).toEqual([]);
    expect(await collector.reasons()).toEqual([]);
    const of = (type: string): object[] => found.filter((event) => event.type === type);
    expect(found.map(({ type, name }) => [type, name]).slice(0, 3)).toEqual([
      ["track", "Order Completed"],
      ["track", "Anonymous"],
      ["page", "Index"],
    ]);
    expect(found[0]).toEqual({
      id: "0190a1b2-0000-7000-8000-000000000001",
      type: "track",
      name: "Order Completed",
      dialect: "posthog",
      anonymousId: null,
      userId: "user-1",
      occurredAt: "2026-01-01T00:00:00.000Z",
      context: {
        $groups: { company: "acme" },
        $lib: "posthog-node",
        $lib_version: "5.70.0",
        $is_server: true,
        $geoip_disable: true,
        consent,
      },
      properties: { revenue: 12.5, list: [1], utm_campaign: "spring-sale" },
      consent: ["analytics", "email"],
      campaign: "spring-sale",
    });
    expect(found[1]).toMatchObject({ userId: null, anonymousId: expect.any(String) });
    expect(of("identify")).toMatchObject([
      { userId: "user-1", properties: { plan: "pro" }, consent: ["analytics", "email"] },
    ]);
    expect(of("group")).toMatchObject([
      {
        userId: null,
        anonymousId: null,
        properties: { name: "Acme" },
        context: { groupId: "acme", $group_type: "company" },
      },
    ]);
  },
  30_000,
);
