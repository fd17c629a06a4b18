import {
  createBatchEventProcessor,
  createInstance,
  createPollingProjectConfigManager,
} from "@optimizely/optimizely-sdk";

import { runCollector } from "../running-collector.ts";
import { aFlag } from "./a-flag.ts";

const KEY = "website-key";
const collector = runCollector(KEY);

test("Optimizely's SDK loads the datafile, and what it shows and counts is in the event log", async () => {
  await collector.declare(
    aFlag({ bucketing: "optimizely", audience: [{ attribute: "plan", in: ["pro"] }] }),
    aFlag({ key: "plain", kind: "flag", bucketing: "optimizely", salt: "602" }),
  );
  const answers: number[] = [];
  const sdk = createInstance({
    projectConfigManager: createPollingProjectConfigManager({
      sdkKey: KEY,
      urlTemplate: `${collector.url}/datafiles/%s.json`,
    }),
    eventProcessor: createBatchEventProcessor({
      eventDispatcher: {
        dispatchEvent: async ({ url, params }) => {
          const { status } = await fetch(collector.url + new URL(url).pathname, {
            method: "POST",
            headers: { "content-type": "application/json" },
            body: JSON.stringify(params),
          });
          answers.push(status);
          return { statusCode: status };
        },
      },
      batchSize: 10,
      flushInterval: 100,
    }),
  });
  await sdk.onReady();
  const user = sdk.createUserContext("u2", {
    plan: "pro",
    consent: "analytics,email",
    userId: "user-1",
  })!;
  expect(user.decide("checkout")).toMatchObject({ variationKey: "on", enabled: true });
  expect(user.decide("plain").variables).toEqual({ value: expect.stringMatching(/^gr/) });

  const [exposure, ...others] = await collector.stored(1);
  expect(others).toEqual([]);
  expect(exposure).toMatchObject({
    type: "exposure",
    name: "checkout",
    dialect: "optimizely",
    anonymousId: "u2",
    userId: "user-1",
    properties: { experiment: "checkout", variant: "on", version: 1 },
    consent: ["analytics", "email"],
    campaign: "spring-sale",
    context: { attributes: { plan: "pro", consent: "analytics,email" } },
  });
  expect(new Set(answers)).toEqual(new Set([204]));
  expect(await collector.reasons()).toEqual([]);
  sdk.close();
}, 30_000);

test("a datafile that has not changed is not sent again", async () => {
  await collector.declare(aFlag({ bucketing: "optimizely" }));
  const url = `${collector.url}/datafiles/${KEY}.json`;
  const lastModified = (await fetch(url)).headers.get("last-modified")!;
  const again = async (): Promise<number> =>
    (await fetch(url, { headers: { "if-modified-since": lastModified } })).status;
  expect(await again()).toBe(304);
  await collector.declare(aFlag({ bucketing: "optimizely", rollout: 1 }));
  expect(await again()).toBe(200);
}, 30_000);
