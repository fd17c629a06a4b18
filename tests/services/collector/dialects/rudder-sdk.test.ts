import Analytics from "@rudderstack/rudder-sdk-node";

import { runCollector } from "../running-collector.ts";

const collector = runCollector("WRITE_KEY");

const consentManagement = { allowedConsentIds: ["Analytics"], deniedConsentIds: ["email"] };
const at = (second: number): Date => new Date(Date.UTC(2026, 0, 1, 0, 0, second));

test.each([true, false])(
  "RudderStack's SDK for Node succeeds, gzip %s",
  async (gzip) => {
    const errors: unknown[] = [];
    const sdk = new Analytics("WRITE_KEY", {
      dataPlaneUrl: collector.url,
      gzip,
      flushAt: 20,
      errorHandler: (error: unknown) => errors.push(error),
    });
    const common = { userId: "user-1", anonymousId: "anon-1", context: { consentManagement } };
    const callbacks: unknown[] = [];
    const answered = (error?: unknown): void => void callbacks.push(error);
    sdk.identify({ ...common, timestamp: at(1), traits: { plan: "pro" } }, answered);
    sdk.track(
      {
        ...common,
        event: "Order Completed",
        properties: { revenue: 12.5, list: [{ sku: "a" }] },
        context: { consentManagement, campaign: { name: "spring-sale" }, ip: "203.0.113.9" },
        timestamp: at(2),
        // Not in its types.
        ...{ messageId: "2" },
      },
      answered,
    );
    sdk.page({ ...common, name: "Index", properties: { url: "/" }, timestamp: at(3) }, answered);
    sdk.screen({ ...common, name: "Home", timestamp: at(4) }, answered);
    sdk.group({ ...common, groupId: "acme", traits: { name: "Acme" }, timestamp: at(5) }, answered);
    sdk.alias({ userId: "user-1", previousId: "anon-1", context: { consentManagement } }, answered);
    const events = collector.stored(6);
    await sdk.flush();

    const found = await events;
    expect(errors).toEqual([]);
    expect(callbacks).toEqual(Array(6).fill(undefined));
    expect(await collector.reasons()).toEqual([]);
    expect(
      found.map(({ type, name, userId, anonymousId }) => [type, name, userId, anonymousId]),
    ).toEqual([
      ["identify", null, "user-1", "anon-1"],
      ["track", "Order Completed", "user-1", "anon-1"],
      ["page", "Index", "user-1", "anon-1"],
      ["screen", "Home", "user-1", "anon-1"],
      ["group", null, "user-1", "anon-1"],
      ["alias", null, "user-1", null],
    ]);
    expect(found.map(({ properties }) => properties)).toEqual([
      { plan: "pro" },
      { revenue: 12.5, list: [{ sku: "a" }] },
      { url: "/" },
      {},
      { name: "Acme" },
      { previousId: "anon-1" },
    ]);
    expect(found[1]).toEqual({
      id: "2",
      type: "track",
      name: "Order Completed",
      dialect: "rudderstack",
      anonymousId: "anon-1",
      userId: "user-1",
      occurredAt: "2026-01-01T00:00:02.000Z",
      context: {
        consentManagement,
        campaign: { name: "spring-sale" },
        ip: "203.0.113.0",
        library: { name: "analytics-node", version: "3.0.13" },
        channel: "server",
        _metadata: { nodeVersion: process.versions.node },
      },
      properties: { revenue: 12.5, list: [{ sku: "a" }] },
      consent: ["analytics"],
      campaign: "spring-sale",
    });
    expect(found[4]!.context.groupId).toBe("acme");
  },
  30_000,
);
