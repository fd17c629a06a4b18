import { differenceInWords as inWords } from "../../../commands/releases/difference.ts";
import type { Snapshot } from "../../../commands/content/snapshot.ts";
import { release } from "../../stacks/prod-program.ts";

const [first, second] = ["1", "2"].map((digit) => `sha256:${digit.repeat(64)}`) as [string, string];
const page = (name: string, title: string) => ({
  type: "page" as const,
  name,
  entries: { en: { slug: name, title }, es: { slug: name, title: "Hola" } },
});
const snapshots: Record<string, Snapshot> = {
  [first]: { version: 1, documents: [page("home", "Hello"), page("jobs", "Jobs")] },
  [second]: { version: 1, documents: [page("home", "Welcome"), page("offers", "Offers")] },
};
const snapshot = (digest: string): Snapshot => snapshots[digest]!;
const differenceInWords = (from: typeof release | undefined, to: typeof release): string[] =>
  inWords(from, to, snapshot);

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

test("content that changes is named entry by entry", () => {
  const [from, to] = [first, second].map((content) => ({ ...release, content }));
  expect(differenceInWords(from, to!)).toEqual([
    "New content: page offers (en), page offers (es).",
    "Changed content: page home (en).",
    "Content that is taken back: page jobs (en), page jobs (es).",
  ]);
});

test("a release of before there was content leaves it as it is, and the next one brings it", () => {
  const to = { ...release, content: first };
  expect(differenceInWords(to, release)).toEqual([
    "Content stays as it is: this release carries none.",
  ]);
  expect(differenceInWords(release, to)).toEqual(["New: content."]);
});
