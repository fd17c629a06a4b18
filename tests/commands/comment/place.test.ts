import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { placeOf } from "../../../commands/comment/place.ts";
import { github, gitlab, startCodeHost, type CodeHost } from "./code-host.ts";

const SHA = "0123456789abcdef0123456789abcdef01234567";

describe("in GitHub Actions", () => {
  let host: CodeHost;
  let folder: string;

  beforeEach(async () => {
    host = await startCodeHost(github);
    folder = mkdtempSync(join(tmpdir(), "marketing-stack-event-"));
  });

  afterEach(async () => {
    rmSync(folder, { recursive: true });
    await host.stop();
  });

  const environment = (event: object): Record<string, string> => {
    const path = join(folder, "event.json");
    writeFileSync(path, JSON.stringify(event));
    return {
      GITHUB_ACTIONS: "true",
      GITHUB_API_URL: host.url,
      GITHUB_EVENT_PATH: path,
      GITHUB_REPOSITORY: "o/r",
      GITHUB_RUN_ID: "99",
      GITHUB_SERVER_URL: "https://github.example",
      GITHUB_TOKEN: "token-of-the-test",
    };
  };

  const workflowRun = (repository: string): object => ({
    workflow_run: {
      head_sha: SHA,
      head_branch: "feature/Spring Sale",
      head_repository: { full_name: repository },
      html_url: "https://github.example/o/r/actions/runs/5",
    },
  });

  const pull = (repository: string | null, sha = SHA): object => ({
    number: 7,
    head: { sha, repo: repository === null ? null : { full_name: repository } },
  });

  test("a pull request's own run comments on it", async () => {
    const place = await placeOf(environment({ pull_request: pull("o/r") }));
    expect(place.run).toEqual({
      commit: SHA,
      url: "https://github.example/o/r/actions/runs/99",
      trusted: true,
    });
    await place.conversations[0]!.create("hello");
    expect(host.comments.map(({ body }) => body)).toEqual(["hello"]);
  });

  test.each([["x/r"], [null]])("a pull request from %s is not trusted", async (repository) => {
    const { run } = await placeOf(environment({ pull_request: pull(repository) }));
    expect(run.trusted).toBe(false);
  });

  test("a finished run of a fork comments, unverified, on the pull request with that very head", async () => {
    host.pulls = [pull("x/r")];
    const place = await placeOf(environment(workflowRun("x/r")));
    expect(place.run).toEqual({
      commit: SHA,
      url: "https://github.example/o/r/actions/runs/5",
      trusted: false,
    });
    expect(place.conversations).toHaveLength(1);
  });

  test("a finished run comments nowhere if the pull request has another commit or another origin by now", async () => {
    host.pulls = [pull("x/r", "f".repeat(40)), pull("y/r"), pull(null)];
    const place = await placeOf(environment(workflowRun("x/r")));
    expect(place.conversations).toEqual([]);
  });

  test("fails on an event of another kind", async () => {
    await expect(placeOf(environment({ push: {} }))).rejects.toThrow(
      "the event must be pull_request or workflow_run, got another",
    );
  });

  test("fails naming the variable that is missing", async () => {
    const without = { ...environment({}), GITHUB_TOKEN: "" };
    await expect(placeOf(without)).rejects.toThrow("GITHUB_TOKEN must be set, got nothing");
  });
});

test("in GitLab CI the merge request of the pipeline is commented on", async () => {
  const host = await startCodeHost(gitlab);
  try {
    const place = await placeOf({
      GITLAB_CI: "true",
      CI_API_V4_URL: host.url,
      CI_COMMIT_SHA: SHA,
      CI_MERGE_REQUEST_IID: "7",
      CI_MERGE_REQUEST_SOURCE_PROJECT_ID: "42",
      CI_PIPELINE_URL: "https://gitlab.example/o/r/-/pipelines/5",
      CI_PROJECT_ID: "42",
      GITLAB_TOKEN: "token-of-the-test",
    });
    expect(place.run).toEqual({
      commit: SHA,
      url: "https://gitlab.example/o/r/-/pipelines/5",
      trusted: true,
    });
    await place.conversations[0]!.create("hello");
    expect(host.comments.map(({ body }) => body)).toEqual(["hello"]);
  } finally {
    await host.stop();
  }
});

test("in Jenkins the pull request is the one of CHANGE_URL", async () => {
  const place = await placeOf({
    JENKINS_URL: "https://jenkins.example/",
    BUILD_URL: "https://jenkins.example/job/r/PR-7/1/",
    CHANGE_URL: "https://github.com/o/r/pull/7",
    CHANGE_FORK: "x",
    GIT_COMMIT: SHA,
    GITHUB_TOKEN: "token-of-the-test",
  });
  expect(place.run).toEqual({
    commit: SHA,
    url: "https://jenkins.example/job/r/PR-7/1/",
    trusted: false,
  });
  expect(place.conversations).toHaveLength(1);
});

test("fails in Jenkins on another host's change", async () => {
  await expect(
    placeOf({ JENKINS_URL: "https://jenkins.example/", CHANGE_URL: "https://gitlab.com/o/r/-/1" }),
  ).rejects.toThrow("CHANGE_URL must be the address of a pull request on GitHub");
});

test("fails outside of CI, naming what it looks for", async () => {
  await expect(placeOf({})).rejects.toThrow("found none of GITHUB_ACTIONS, GITLAB_CI, JENKINS_URL");
});
