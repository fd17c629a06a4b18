import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readChart } from "../../../commands/mocks/chart-files.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "chart-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("a chart is its values as a tree, and a digest of each other file", () => {
  mkdirSync(join(folder, "templates"));
  writeFileSync(join(folder, "Chart.yaml"), "name: cms\n");
  writeFileSync(join(folder, "values.yaml"), "replicas: 1\n");
  writeFileSync(join(folder, "templates", "service.yaml"), "");
  expect(readChart(folder)).toEqual({
    values: { replicas: 1 },
    files: {
      "Chart.yaml": expect.stringMatching(/^[0-9a-f]{64}$/),
      "templates/service.yaml": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    },
  });
});

test("a folder without Chart.yaml is no chart", () => {
  expect(readChart(folder)).toBeUndefined();
});
