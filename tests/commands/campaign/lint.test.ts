import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { lint } from "../../../commands/campaign/lint.ts";
import { campaignFiles } from "../../../stacks/campaigns/folder.ts";
import { welcomeWith } from "../../stacks/campaigns/wrong-campaigns.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "marketing-stack-campaigns-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, changes: Record<string, unknown> = {}): string {
  const path = join(folder, name);
  writeFileSync(path, stringify(welcomeWith(changes)));
  return path;
}

test("files without mistakes are named", () => {
  const paths = [write("a.yaml"), write("b.yaml")];
  expect(lint(paths)).toEqual({ campaigns: ["a", "b"], problems: [] });
});

test("the mistakes of all files are told", () => {
  const paths = [write("a.yaml", { owner: "nobody" }), write("b.yaml", { locales: [] })];
  expect(lint(paths)).toEqual({
    campaigns: ["a", "b"],
    problems: [
      `${paths[0]}:1: owner must have the right form, got "nobody"; it is who answers for the campaign, an e-mail address`,
      `${paths[1]}:15: locales must not have fewer than 1 items, got []; it is languages of the content, the first for people of none of them`,
    ],
  });
});

test("fails on a file that is not there", () => {
  const path = join(folder, "none.yaml");
  expect(() => lint([path])).toThrow(
    `FILE must be a campaign's file, got ${JSON.stringify(path)} (ENOENT: no such file or directory`,
  );
});

test("the campaigns of a folder are its YAML files in order", () => {
  const paths = [write("a.yaml"), write("b.yaml")];
  writeFileSync(join(folder, "campaign.schema.json"), "{}");
  expect(campaignFiles(folder)).toEqual(paths);
});

test("no folder is no campaigns", () => {
  expect(campaignFiles(join(folder, "none"))).toEqual([]);
});
