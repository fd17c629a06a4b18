import { join } from "node:path";
import { clonePath } from "../../local/paths.ts";
import { runSimulation } from "../../commands/campaign/run-simulation.ts";
import { lint } from "../../commands/campaign/lint.ts";
import { spanOf } from "../../services/contract/campaign-phase.ts";
import { localTimeAt } from "../../services/contract/zoned-time.ts";
import { campaignFiles } from "../../stacks/campaigns/folder.ts";
import { campaignSchema, fileSchema } from "../../stacks/campaigns/schema.ts";
import { expectGolden } from "../golden.ts";

test.each(campaignFiles())("%s is what the API server will take", async (path) => {
  const { problems, warnings } = await lint([path], { now: new Date() });
  expect({ problems, warnings }).toEqual({ problems: [], warnings: [] });
});

test.each(campaignFiles())(
  "%s reaches people on a simulated clock, within all that it promises",
  (path) => {
    const { simulation, spec, problems } = runSimulation(path, { seed: 1 });
    expect(problems).toEqual([]);
    const { opensAt, closesAt } = spanOf(spec.window);
    const { budget, quietHours, frequencyCap, window } = spec;
    const days = new Map<string, number>();
    const before = new Map<string, Date[]>();
    for (const { at, person, channel, cost } of simulation.sent) {
      expect(at >= opensAt && at < closesAt).toBe(true);
      if (spec.channels[channel]!.kind === "web") continue;
      const { date, time } = localTimeAt(at, window.timeZone);
      days.set(date, cost + (days.get(date) ?? 0));
      const { from, to } = quietHours ?? { from: "00:00", to: "00:00" };
      expect(from > to ? time >= from || time < to : time >= from && time < to).toBe(false);
      const earlier = before.get(person) ?? [];
      before.set(person, [...earlier, at]);
      const { messages, days: within } = frequencyCap ?? { messages: Infinity, days: 1 };
      const counted = earlier.filter(
        (one) => at.getTime() - one.getTime() < within * 24 * 3_600_000,
      );
      expect(counted.length).toBeLessThan(messages);
    }
    expect(Math.max(0, ...days.values())).toBeLessThanOrEqual(budget.daily + 1e-6);
    expect(simulation.cost).toBeLessThanOrEqual(budget.total + 1e-6);
  },
);

test("editors complete by the schema of the API server", () => {
  expectGolden(
    join(clonePath, "campaigns", "campaign.schema.json"),
    `${JSON.stringify(fileSchema(campaignSchema()), undefined, 2)}\n`,
  );
});
