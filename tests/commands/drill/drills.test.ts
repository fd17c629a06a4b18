import { drills } from "../../../commands/drill/drills.ts";
import { readAlerts } from "../../../stacks/alerts/read.ts";

test("every drill belongs to an alert", () => {
  const alerts = readAlerts();
  expect(Object.keys(drills).filter((alert) => !alerts[alert])).toEqual([]);
});

test("every alert of the catalogue has a drill, or a reason in a sentence why it has none", () => {
  const missing = Object.keys(readAlerts()).filter((alert) => {
    const drill = drills[alert];
    return !drill || ("reason" in drill && !/^[A-Z].{20,150}\.$/.test(drill.reason));
  });
  expect(missing).toEqual([]);
});
