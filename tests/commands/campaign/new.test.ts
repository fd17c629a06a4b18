import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lint } from "../../../commands/campaign/lint.ts";
import { newCampaign } from "../../../commands/campaign/new.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "marketing-stack-campaigns-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const now = new Date("2026-12-24T12:00:00Z");

test("a new campaign is one that the API server will take", async () => {
  const path = newCampaign("autumn", "carmen@olivarluz.example", now, folder);
  expect(await lint([path], { now })).toEqual({
    campaigns: ["autumn"],
    problems: [],
    warnings: [],
    audiences: [],
  });
});

test("fails on a campaign that is there", () => {
  newCampaign("autumn", "carmen@olivarluz.example", now, folder);
  expect(() => newCampaign("autumn", "carmen@olivarluz.example", now, folder)).toThrow(
    /^FILE must be new, got .*autumn.yaml, which is there; edit it, or take another name$/,
  );
});

test("fails on a name that no campaign can have", () => {
  expect(() => newCampaign("Autumn Sale", "carmen@olivarluz.example", now, folder)).toThrow(
    "the file's name must be lower-case words joined by hyphens",
  );
});
