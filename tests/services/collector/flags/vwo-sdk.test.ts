import { snippetsOf } from "../../../../commands/sources/snippets.ts";
import { runCollector } from "../running-collector.ts";
import { aFlag } from "./a-flag.ts";
import { startVwo } from "./start-vwo.ts";

const KEY = "website-key";
const collector = runCollector(KEY);

test("VWO's SDK loads the settings, and what it shows and counts is in the event log", async () => {
  await collector.declare(
    aFlag({
      bucketing: "vwo",
      salt: "checkout-1",
      audience: [{ attribute: "plan", in: ["pro"] }],
      variants: [
        { key: "off", value: "grey", weight: 0 },
        { key: "on", value: "green", weight: 10_000 },
      ],
    }),
  );
  // As `npm run sources -- show` says it.
  const [snippet] = snippetsOf(collector.url, KEY, ["vwo"]);
  const options = JSON.parse(/init\((.*)\);$/.exec(snippet!)![1]!.replace(/(\w+): /g, '"$1": '));
  const sdk = await startVwo({
    ...options,
    logger: { level: "ERROR", transport: { log: () => undefined } },
  });
  const user = {
    id: "user-1",
    customVariables: { plan: "pro", userId: "user-1", consent: "analytics" },
    postSegmentationVariables: ["plan", "userId", "consent"],
  };
  const given = await sdk.getFlag("checkout", user);
  expect([given.isEnabled(), given.getVariable("value", "none")]).toEqual([true, "green"]);
  const stored = (await collector.stored(1)).filter(({ type }) => type === "exposure");
  expect(stored).toMatchObject([
    {
      name: "checkout",
      dialect: "vwo",
      anonymousId: expect.stringMatching(/^[0-9A-F]{32}$/),
      userId: "user-1",
      properties: { experiment: "checkout", variant: "on", version: 1 },
      consent: ["analytics"],
      campaign: "spring-sale",
    },
  ]);
  expect(await collector.reasons()).toEqual([]);
}, 30_000);
