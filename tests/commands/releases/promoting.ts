import { promoteRelease } from "../../../commands/releases/promote.ts";

// Promotes the releases of a folder in turn until it is killed, with a dot just before each changes anything:
// node promoting.ts FOLDER RELEASE...
const [folder, ...releases] = process.argv.slice(2) as [string, ...string[]];
const rules = {
  previousEnvironment: "dev",
  freezeWindows: [],
  requiredApprovals: 0,
  approvals: {},
};
for (let turn = 0; ; turn += 1) {
  const release = releases[turn % releases.length]!;
  await promoteRelease(
    { release, environment: "prod", rules },
    { now: new Date(), prepare: async () => void process.stdout.write("."), folder },
  );
}
