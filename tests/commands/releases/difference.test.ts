import { differenceInWords } from "../../../commands/releases/difference.ts";
import { release } from "../../stacks/prod-program.ts";

test("the first release of an environment is all new", () => {
  expect(differenceInWords(undefined, release)).toEqual([
    "The first release of this environment: everything is new.",
    "Migrations to be run: collector/0001-events.sql, worker/0001-ledger.sql, worker/0002-watermark.sql.",
  ]);
});

test("what changes is said part by part", () => {
  const to = {
    ...release,
    images: { ...release.images, cms: "a", worker: "b" },
    campaigns: "sha256:1",
    alerts: "sha256:2",
    configSchema: "sha256:3",
    migrations: { ...release.migrations, worker: ["0001-ledger.sql", "0003-x.sql"] },
  };
  expect(differenceInWords(release, to)).toEqual([
    "New images: cms, worker.",
    "New: campaigns.",
    "Changed: alerts.",
    "The configuration has other keys.",
    "Migrations to be run: worker/0003-x.sql.",
    "Migrations that stay, unknown to this release: worker/0002-watermark.sql.",
  ]);
  expect(differenceInWords(to, release)).toContain("Gone: campaigns.");
});

test("a release that differs by its commit alone says so", () => {
  expect(differenceInWords(release, { ...release, commit: "1".repeat(40) })).toEqual([
    "Images, data and migrations are the same.",
  ]);
});
