import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { readCampaigns } from "../../../stacks/campaigns/read.ts";
import { welcomeWith } from "./wrong-campaigns.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "marketing-stack-campaigns-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("each file is a campaign called as it", () => {
  writeFileSync(join(folder, "b.yaml"), stringify(welcomeWith({})));
  writeFileSync(join(folder, "a.yaml"), stringify(welcomeWith({ purpose: "Another." })));
  writeFileSync(join(folder, "README.md"), "");
  expect(readCampaigns(folder)).toEqual({
    a: welcomeWith({ purpose: "Another." }),
    b: welcomeWith({}),
  });
});

test("a folder that is not there has none", () => {
  expect(readCampaigns(join(folder, "none"))).toEqual({});
});

test("fails on wrong files, with the mistakes of all of them", () => {
  writeFileSync(join(folder, "a.yaml"), stringify(welcomeWith({ owner: "nobody" })));
  writeFileSync(join(folder, "b.yaml"), "owner: [");
  expect(() => readCampaigns(folder)).toThrow(
    new RegExp(
      `${join(folder, "a.yaml")}:1: owner must have the right form.*\n${join(folder, "b.yaml")} must be YAML`,
    ),
  );
});
