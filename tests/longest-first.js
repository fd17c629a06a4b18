import Sequencer from "@jest/test-sequencer";

/** Files that take longer than their size tells, the longest first. */
const longest = [
  "e2e/rollout",
  "e2e/preview",
  "e2e/rehearsal",
  "e2e/review",
  "e2e/drill",
  "e2e/rotate",
  "e2e/bad-states",
  "services/worker/journeys/frozen",
  "services/worker/process",
  "services/worker/journeys/process",
  "services/collector/faults",
  "services/collector/browser/browser-sdks",
];

/** Begins with the files that take longest, so that no worker ends long after the others. */
export default class LongestFirst extends Sequencer {
  sort(tests) {
    const place = ({ path }) => {
      const index = longest.findIndex((name) => path.endsWith(`tests/${name}.test.ts`));
      return index === -1 ? longest.length : index;
    };
    return super.sort(tests).sort((a, b) => place(a) - place(b));
  }
}
