import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { checkWithPromtool } from "../../../local/monitoring/promql/promtool.ts";
import { startEmulator } from "./emulator.ts";

/** Folder with `alert-policies/*.json`, Google's published policies; without it there is nothing to test. */
const data = process.env.CONFORMANCE_DATA;

(data ? test : test.skip)(
  "every published policy is accepted and comes back unchanged",
  async () => {
    const emulator = await startEmulator({ checkPromql: checkWithPromtool });
    const folder = join(data!, "alert-policies");
    const refused: string[] = [];
    for (const file of readdirSync(folder)) {
      const policy = JSON.parse(readFileSync(join(folder, file), "utf8"));
      const { status, body } = await emulator.call(
        "POST",
        "/v3/projects/demo/alertPolicies",
        policy,
      );
      if (status !== 200) refused.push(`${file}: ${body.error.message}`);
      else expect(body.conditions).toHaveLength(policy.conditions.length);
    }
    emulator.remove();
    expect(refused).toEqual([]);
  },
  120_000,
);
