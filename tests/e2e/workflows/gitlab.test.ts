import { readFileSync } from "node:fs";
import { gitlabProject, type Project } from "./gitlab.ts";

const text = readFileSync(".gitlab-ci.yml", "utf8");
let project: Project;

beforeAll(() => {
  project = gitlabProject();
});

afterAll(() => project.remove());

afterEach(() => project.write(text));

const mergeRequest = {
  CI_PIPELINE_SOURCE: "merge_request_event",
  CI_MERGE_REQUEST_IID: "7",
  CI_MERGE_REQUEST_PROJECT_PATH: "o/r",
  CI_MERGE_REQUEST_SOURCE_PROJECT_PATH: "o/r",
};

test.each([
  [
    "a push to main is tested, previewed, and applied by hand",
    { CI_PIPELINE_SOURCE: "push" },
    { check: "on_success", test: "on_success", "preview of prod": "on_success", prod: "manual" },
  ],
  [
    "a merge request is previewed and commented, whatever the preview says",
    mergeRequest,
    { check: "on_success", preview: "on_success", comment: "always" },
  ],
  [
    "a merge request with the label has a review stack",
    { ...mergeRequest, CI_MERGE_REQUEST_LABELS: "urgent,review" },
    {
      check: "on_success",
      preview: "on_success",
      comment: "always",
      review: "on_success",
      "end of review": "manual",
    },
  ],
  [
    "a merge request with a label that only looks like it has none",
    { ...mergeRequest, CI_MERGE_REQUEST_LABELS: "reviewed,no-review" },
    { check: "on_success", preview: "on_success", comment: "always" },
  ],
  [
    "a fork's merge request gets mocks and no machine of ours, with the label too",
    {
      ...mergeRequest,
      CI_MERGE_REQUEST_SOURCE_PROJECT_PATH: "x/r",
      CI_MERGE_REQUEST_LABELS: "review",
    },
    { check: "on_success", "preview of a fork": "on_success" },
  ],
  [
    "the daily schedule looks for drift",
    { CI_PIPELINE_SOURCE: "schedule", WATCH: "drift" },
    { drift: "on_success" },
  ],
  [
    "the hourly schedule sweeps",
    { CI_PIPELINE_SOURCE: "schedule", WATCH: "sweep" },
    { sweep: "on_success" },
  ],
])("%s", async (_, variables, expected) => {
  expect(await project.jobs(variables)).toEqual(expected);
});

test.each([
  ["a key that GitLab does not know", "  interruptible: true", "  interruptable: true"],
  ["a value that GitLab does not know", "when: manual", "when: by-hand"],
  ["a job that waits for one that is not there", "needs: [preview of prod]", "needs: [nothing]"],
  ["a stage that is not there", "stage: watch", "stage: watching"],
])("fails on %s", async (_, from, to) => {
  expect(text).toContain(from);
  project.write(text.replace(from, to));
  await expect(project.jobs({})).rejects.toThrow();
});
