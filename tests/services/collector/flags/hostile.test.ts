import fc from "fast-check";

import type { Endpoint } from "../../../../services/collector/dialects/dialect.ts";
import { decisionDialects } from "../../../../services/collector/flags/all.ts";
import type { Flags } from "../../../../services/collector/flags/flags.ts";
import { campaignIdOf } from "../../../../services/collector/flags/vwo-settings.ts";
import { openApp, WRITE_KEY } from "../open-app.ts";
import { aFlag } from "./a-flag.ts";
import { setOf } from "./set-of.ts";

const flag = aFlag({ audience: [{ attribute: "plan", in: ["pro"] }] });

/** Only their paths are looked at. */
const endpoints = decisionDialects({ current: setOf(flag) } as Flags).flatMap(
  ({ name, endpoints: all }) =>
    all.map((endpoint) => [`${name}: ${endpoint.method} ${endpoint.path}`, endpoint] as const),
);

const QUERY = `client_key=${WRITE_KEY}&i=${WRITE_KEY}&env=${WRITE_KEY}`;

/** JSON texts of values that no decoder expects; some cannot be said by JSON.stringify. */
const odd = fc.oneof(
  fc.json({ maxDepth: 2 }),
  fc.constantFrom("1e400", "-0", '"\\u0000"', '"\\ud800"', '{"__proto__":1}', '"__proto__"'),
  fc.nat(20_000).map((levels) => "[".repeat(levels) + "]".repeat(levels)),
);

/** Good bodies of each protocol, with a hole. */
const body = fc
  .tuple(
    fc.constantFrom(
      `{"context":{"targetingKey":"u","plan":HOLE,"consent":{"analytics":true}}}`,
      `{"context":HOLE}`,
      `[{"event_name":"Experiment Viewed","properties_json":{"experimentId":"checkout","variationId":HOLE},"context_json":{"consent":{"analytics":true}}}]`,
      `[{"event_name":"x","properties_json":HOLE},HOLE]`,
      `{"account_id":"${WRITE_KEY}","visitors":[{"visitor_id":"u","attributes":[HOLE],"snapshots":[{"decisions":[{"metadata":{"flag_key":"checkout","variation_key":HOLE}}],"events":[{"key":"campaign_activated","timestamp":1}]}]}]}`,
      `{"account_id":"${WRITE_KEY}","visitors":[{"visitor_id":"u","snapshots":[{"events":[{"key":"x","timestamp":HOLE,"tags":HOLE}]}]},HOLE]}`,
      `{"d":{"visId":"v","msgId":"m","event":{"name":"vwo_variationShown","time":1,"props":{"id":${campaignIdOf(flag)},"variation":HOLE}}}}`,
      `{"d":{"event":{"name":"x","props":HOLE,"time":HOLE}}}`,
      `HOLE`,
    ),
    odd,
  )
  .map(([form, value]) => form.replaceAll("HOLE", () => value));

test.each(endpoints)(
  "%s never answers with a 5xx, whatever it is sent",
  async (_, endpoint: Endpoint) => {
    const { app } = await openApp(undefined, [{ key: flag.key, version: 1, flag }]);
    const headers = { "x-api-key": WRITE_KEY };
    await fc.assert(
      fc.asyncProperty(body, fc.constantFrom("checkout", WRITE_KEY), async (sent, key) => {
        const { status } = await app.handle({
          method: endpoint.method,
          path: endpoint.path.replace(":key", key),
          query: QUERY,
          headers,
          body: Buffer.from(sent),
        });
        expect([200, 204, 400, 401, 404, 413]).toContain(status);
      }),
      { numRuns: 150 },
    );
  },
);
