import { readFileSync } from "node:fs";
import { join } from "node:path";
import { statePath } from "../../local/paths.ts";
import { npmRun } from "./command.ts";
import { firedUnderTraffic } from "./fresh-install.ts";
import { killedMidway } from "./killed-command.ts";
import { configure, describeStack, kubectl, removeStack, succeeded } from "./stack.ts";

const NAME = "test-drill";
const MINUTE = 60_000;

// Each test stands on the ones before it.
describe("drills of a stack", () => {
  let begun: Date;

  beforeAll(async () => {
    configure(NAME, { portBase: 30660, sources: ["website"] });
    begun = new Date();
    succeeded(await npmRun("up", ["--stack", NAME]));
  }, 20 * MINUTE);
  afterAll(async () => {
    await removeStack(NAME);
  }, 10 * MINUTE);

  test(
    "a fresh install under light traffic fires no alert, from its first moment on",
    async () => {
      const fired = await firedUnderTraffic(await describeStack(NAME), begun, 60);
      expect(fired.filter((alert) => alert !== "DeadMansSwitch")).toEqual([]);
    },
    5 * MINUTE,
  );

  test(
    "an alert that is not in the catalogue is refused with those that are",
    async () => {
      const run = await npmRun("drill", ["AllWell", "--stack", NAME]);
      expect(run.code).toBe(1);
      expect(run.stderr).toMatch(/ALERT must be one of .*CollectorDown.*, got "AllWell"; usage: /);
    },
    MINUTE,
  );

  test(
    "a drill that is killed leaves its fault to the next, which heals it, fires and ends in time",
    async () => {
      const replicas = async (workload: string): Promise<number> =>
        Number(
          await kubectl(
            `--namespace=${NAME}`,
            "get",
            workload,
            "--output=jsonpath={.spec.replicas}",
          ),
        );
      await killedMidway("drill", ["WorkerDown", "--stack", NAME], {
        moment: async () => (await replicas("deployment/worker")) === 0,
        within: 120,
      });
      const journal = join(statePath, "stacks", NAME, "drill.json");
      expect(JSON.parse(readFileSync(journal, "utf8")).faults).toEqual([
        { alert: "WorkerDown", state: { workloads: [{ name: "deployment/worker", replicas: 1 }] } },
      ]);

      const run = await npmRun("drill", ["CollectorDown", "--json", "--stack", NAME]);
      const { alerts } = JSON.parse(succeeded(run)) as { alerts: Record<string, unknown>[] };
      expect(alerts).toEqual([
        {
          alert: "CollectorDown",
          drilled: true,
          fired: true,
          seconds: expect.any(Number),
          promisedSeconds: expect.any(Number),
          reason: null,
        },
      ]);
      expect(alerts[0]!.seconds).toBeLessThanOrEqual(alerts[0]!.promisedSeconds as number);
      expect(run.stderr).toContain("✓ heals what an earlier drill broke");
      expect(await replicas("deployment/worker")).toBe(1);
      expect(await replicas("statefulset/collector")).toBe(1);
      expect(JSON.parse(readFileSync(journal, "utf8"))).toEqual({ faults: [] });
    },
    15 * MINUTE,
  );
});
