import { OFREPProvider } from "@openfeature/ofrep-provider";
import { OFREPWebProvider } from "@openfeature/ofrep-web-provider";
import { OpenFeature } from "@openfeature/server-sdk";
import { OpenFeature as WebOpenFeature } from "@openfeature/web-sdk";

import { runCollector } from "../running-collector.ts";
import { aFlag } from "./a-flag.ts";

const KEY = "website-key";
const collector = runCollector(KEY);
const options = (): { baseUrl: string; headers: [string, string][] } => ({
  baseUrl: collector.url,
  headers: [["Authorization", `Bearer ${KEY}`]],
});

const consent = { analytics: true };

test("OpenFeature's provider for servers gets a value, and the exposure is in the event log", async () => {
  await collector.declare(aFlag(), aFlag({ key: "limit", kind: "flag", enabled: false }));
  await OpenFeature.setProviderAndWait(new OFREPProvider(options()));
  const client = OpenFeature.getClient();
  const context = { targetingKey: "user-1", consent };
  expect(await client.getStringDetails("checkout", "none", context)).toMatchObject({
    value: "green",
    variant: "on",
    reason: "SPLIT",
    flagMetadata: { version: 1 },
  });
  expect(await client.getStringDetails("limit", "none", context)).toMatchObject({
    value: "grey",
    reason: "DISABLED",
  });
  expect(await client.getStringDetails("nothing", "none", context)).toMatchObject({
    value: "none",
    errorCode: "FLAG_NOT_FOUND",
  });
  expect(await client.getStringDetails("checkout", "none", {})).toMatchObject({
    value: "none",
    errorCode: "TARGETING_KEY_MISSING",
  });
  expect(await client.getBooleanDetails("checkout", false, context)).toMatchObject({
    value: false,
    errorCode: "TYPE_MISMATCH",
  });
  expect(await collector.stored(1)).toMatchObject([
    {
      type: "exposure",
      name: "checkout",
      dialect: "ofrep",
      anonymousId: "user-1",
      properties: { experiment: "checkout", variant: "on", version: 1 },
    },
  ]);
}, 30_000);

test("OpenFeature's provider for browsers gets all values at once", async () => {
  await collector.declare(aFlag());
  await WebOpenFeature.setContext({ targetingKey: "user-1", consent });
  await WebOpenFeature.setProviderAndWait(new OFREPWebProvider(options()));
  const client = WebOpenFeature.getClient();
  expect(client.getStringDetails("checkout", "none")).toMatchObject({
    value: "green",
    variant: "on",
  });
  await WebOpenFeature.setContext({ targetingKey: "user-2", consent });
  expect(client.getStringValue("checkout", "none")).toBe("grey");
  expect((await collector.stored(2)).map(({ anonymousId }) => anonymousId).sort()).toEqual([
    "user-1",
    "user-2",
  ]);
}, 30_000);
