import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import fc from "fast-check";

import type { Flag } from "../../../../services/contract/flag.ts";
import { vwoSettings } from "../../../../services/collector/flags/vwo-settings.ts";
import { anyAttributes, anyFlag, anyId } from "./any-flag.ts";
import { setOf } from "./set-of.ts";
import { startVwo } from "./start-vwo.ts";

/** Takes the events that the SDK sends of each decision. */
const nowhere = { url: "" };
const server = createServer((request, response) =>
  request.resume().on("end", () => response.end()),
);

beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  nowhere.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(async () => {
  server.close();
  server.closeAllConnections();
  await once(server, "close");
});

/** What VWO's SDK says by itself, from what the collector serves. */
async function sdkSays(flag: Flag, id: string, customVariables: object): Promise<unknown> {
  const sdk = await startVwo({
    accountId: "1",
    sdkKey: "website-key",
    settings: JSON.parse(JSON.stringify(vwoSettings(setOf(flag), "website-key"))),
    isUsageStatsDisabled: true,
    logger: { level: "ERROR", transport: { log: () => undefined } },
    gatewayService: { url: nowhere.url },
  });
  const given = await sdk.getFlag("checkout", { id, customVariables });
  return given.isEnabled() ? given.getVariable("value", null) : null;
}

test("VWO's SDK gives everybody what the collector gives them", async () => {
  await fc.assert(
    fc.asyncProperty(anyFlag("vwo"), anyId, anyAttributes, async (flag, id, attributes) => {
      const { variant, reason } = setOf(flag).byKey.get("checkout")!.decide(id, attributes);
      expect(await sdkSays(flag, id, attributes)).toBe(reason === "SPLIT" ? variant.value : null);
    }),
    { numRuns: 300 },
  );
}, 60_000);
