import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ServiceObjectives } from "../../../infra/service-objectives.ts";
import { readAlerts } from "../../../stacks/alerts/read.ts";
import { readObjectives } from "../../../stacks/alerts/objectives.ts";
import { startEmulator, type Body } from "../../local/monitoring/emulator.ts";
import { registrationsOf } from "../../mocks.ts";

const objectives = readObjectives();
const alerts = readAlerts();

test("each service of the stack has an objective", () => {
  expect(Object.keys(objectives)).toEqual(["cms", "collector", "worker"]);
});

test.each(Object.entries(objectives))(
  "alerts on the error budget of %s burn what its objective leaves",
  (service, { title, goal, days }) => {
    const thresholds = (name: string): number[] => {
      const { expression } = alerts[name]!;
      expect(expression).toContain(`service="${service}"`);
      const all = [...expression.matchAll(/> (0\.\d+)/g)].map(([, number]) => Number(number));
      return [...new Set(all)];
    };
    const budget = 1 - goal;
    // 2 % of the budget in an hour, 5 % in six, 10 % in three days.
    const factors = [0.02 * days * 24, (0.05 * days * 24) / 6, (0.1 * days) / 3];
    const [hour, sixHours, threeDays] = factors.map((factor) =>
      Number((factor * budget).toFixed(6)),
    );
    expect(thresholds(`${title}ErrorBudgetFast`.replace("CMS", "Cms"))).toEqual([hour, sixHours]);
    expect(thresholds(`${title}ErrorBudgetSlow`.replace("CMS", "Cms"))).toEqual([threeDays]);
  },
);

test("Cloud Monitoring's emulator takes each service and its objective", async () => {
  const emulator = await startEmulator();
  try {
    const args = { project: "demo", labels: { app: "marketing-stack", env: "dev" }, objectives };
    const registrations = await registrationsOf(() => new ServiceObjectives("objectives", args));
    const inputs = registrations.map((one) => one.inputs as Body);
    for (const { serviceId, displayName, userLabels } of inputs.filter((one) => one.serviceId)) {
      const body = { displayName, userLabels, custom: {} };
      const path = `/v3/projects/demo/services?serviceId=${serviceId}`;
      expect(await emulator.call("POST", path, body)).toMatchObject({ status: 200 });
    }
    const slos = inputs.filter((one) => one.sloId);
    expect(slos.length).toBe(3);
    for (const { service, sloId, displayName, userLabels, goal, ...slo } of slos) {
      const body = {
        ...{ displayName, userLabels, goal },
        rollingPeriod: `${slo.rollingPeriodDays * 86_400}s`,
        serviceLevelIndicator: { requestBased: slo.requestBasedSli },
      };
      const path = `/v3/projects/demo/services/${service}/serviceLevelObjectives?serviceLevelObjectiveId=${sloId}`;
      expect(await emulator.call("POST", path, body)).toMatchObject({ status: 200, body });
    }
  } finally {
    emulator.remove();
  }
});

test("fails on wrong objectives with all their mistakes at once", () => {
  const folder = mkdtempSync(join(tmpdir(), "objectives-"));
  const path = join(folder, "objectives.yaml");
  try {
    writeFileSync(
      path,
      "[{ service: cms, title: CMS, goal: 1, days: 30 }, { service: cms, title: 1, goal: 0.9, days: 31, of: a }, 5]",
    );
    expect(() => readObjectives(path)).toThrow(
      [
        `${path}, service cms: goal must be a share over 0 and 0.9999 at most, got 1`,
        `${path}, service cms: of must be one of the fields service, title, goal, days, got "a"`,
        `${path}, service cms: service must be the only one of that name, got "cms"`,
        `${path}, service cms: title must be a text of 400 characters at most, got 1`,
        `${path}, service cms: days must be a whole number from 1 to 30, got 31`,
        `${path}: each must have service, title, goal, days, got 5`,
      ].join("\n"),
    );
    writeFileSync(path, "service: cms");
    expect(() => readObjectives(path)).toThrow(`${path} must be a list of objectives`);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
