import { promisify } from "node:util";

import Mixpanel from "mixpanel";

import { runCollector } from "../running-collector.ts";

const TOKEN = "0123456789abcdef0123456789abcdef";
const collector = runCollector(TOKEN);
const consent = { analytics: true };
// It warns that API keys are an old way to import; the others need https.
const quiet = (): void => undefined;

test.each([true, false])(
  "Mixpanel's SDK for Node succeeds, verbose %s",
  async (verbose) => {
    const { host, protocol } = new URL(collector.url);
    // Not all of it is in its types.
    const sdk = Mixpanel.init(TOKEN, {
      host,
      protocol: protocol.slice(0, -1),
      verbose,
      keepAlive: false,
      ...{ key: "an-old-api-key" },
      logger: { trace: quiet, debug: quiet, info: quiet, warn: quiet, error: quiet },
    });
    const time = new Date("2026-01-01T00:00:00Z");
    const done = (call: (callback: (error: unknown) => void) => void): Promise<unknown> =>
      promisify(call)();
    const text = "~~???>>> ünïcødé";

    await done((callback) =>
      sdk.track(
        "Order Completed",
        { distinct_id: "user-1", revenue: 12.5, text, time, consent, utm_campaign: "spring-sale" },
        callback,
      ),
    );
    await done((callback) => sdk.track("Untimed", { distinct_id: "user-1", consent }, callback));
    await done((callback) => sdk.track("Untimed", { distinct_id: "user-1", consent }, callback));
    await done((callback) =>
      sdk.import("Imported", new Date("2025-01-01"), { distinct_id: "user-1", consent }, callback),
    );
    const batch = [1, 2].map((index) => ({
      event: "Batched",
      properties: { distinct_id: "user-1", time, $insert_id: `batched-${index}`, text, consent },
    }));
    await done((callback) => sdk.track_batch(batch, callback));
    await done((callback) =>
      sdk.people.set("user-1", { plan: "pro", consent } as object, callback),
    );
    await done((callback) => sdk.people.increment("user-1", "logins", 1, callback));
    await done((callback) =>
      sdk.groups.set("company", "acme", { name: "Acme", consent } as object, callback),
    );
    await done((callback) => sdk.alias("user-1", "anon-1", callback));

    // Alias and increment carry no consent, and so only what identifies nobody is stored.
    const found = await collector.stored(10);
    expect(await collector.reasons()).toEqual([]);
    expect(found.slice(0, 4).map(({ id, name }) => [id, name])).toEqual([
      [expect.stringMatching(/^sha256-/), "Imported"],
      [expect.any(String), "Batched"],
      [expect.any(String), "Batched"],
      [expect.stringMatching(/^sha256-/), "Order Completed"],
    ]);
    expect(found[3]).toEqual({
      id: expect.any(String),
      type: "track",
      name: "Order Completed",
      dialect: "mixpanel",
      anonymousId: null,
      userId: "user-1",
      occurredAt: "2026-01-01T00:00:00.000Z",
      context: { mp_lib: "node", $lib_version: "0.24.0", consent },
      properties: { revenue: 12.5, text, utm_campaign: "spring-sale" },
      consent: ["analytics"],
      campaign: "spring-sale",
    });
    const rest = found.slice(4).map(({ type, name, properties, dialect }) => ({
      type,
      name,
      properties,
      isReduced: dialect === null,
    }));
    expect(rest.sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)))).toEqual([
      { type: "alias", name: null, properties: {}, isReduced: true },
      { type: "group", name: null, properties: { name: "Acme", consent }, isReduced: false },
      { type: "identify", name: null, properties: { plan: "pro", consent }, isReduced: false },
      { type: "identify", name: null, properties: {}, isReduced: true },
      { type: "track", name: "Untimed", properties: {}, isReduced: false },
      { type: "track", name: "Untimed", properties: {}, isReduced: false },
    ]);
  },
  30_000,
);

test("fails to succeed with a token of no source", async () => {
  const { host } = new URL(collector.url);
  const sdk = Mixpanel.init("nobody-nobody", { host, protocol: "http", keepAlive: false });
  await expect(
    promisify((callback: (error: unknown) => void) => sdk.track("e", {}, callback))(),
  ).rejects.toThrow("Mixpanel Server Error: 0");
});
