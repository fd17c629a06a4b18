import { readFileSync } from "node:fs";
import { githubApi, githubConversation, pullRequestsOf } from "./github.ts";
import { gitlabApi, gitlabConversation } from "./gitlab.ts";
import type { Conversation } from "./sticky.ts";
import type { ReportedRun } from "./text.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** The pull requests to comment on, and the run to tell of. */
export interface Place {
  readonly run: ReportedRun;
  /** Usually one; none if the pull request was closed or has got another commit. */
  readonly conversations: readonly Conversation[];
}

/**
 * Where the run of CI that this process is part of comments: GitHub Actions, GitLab CI, or Jenkins for GitHub.
 *
 * Takes the pull request from what the CI system itself says, never from what a run left.
 *
 * @throws Error naming the variable that is missing.
 */
export async function placeOf(environment: Environment): Promise<Place> {
  if (environment.GITHUB_ACTIONS) return onGithub(environment);
  if (environment.GITLAB_CI) return onGitlab(environment);
  if (environment.JENKINS_URL) return onJenkins(environment);
  throw new Error(
    "comment must run in GitHub Actions, GitLab CI or Jenkins, found none of GITHUB_ACTIONS, GITLAB_CI, JENKINS_URL",
  );
}

interface PullRequestEvent {
  readonly pull_request?: {
    readonly number: number;
    readonly head: { readonly sha: string; readonly repo: { readonly full_name: string } | null };
  };
  readonly workflow_run?: {
    readonly head_sha: string;
    readonly head_branch: string;
    readonly head_repository: { readonly full_name: string };
    readonly html_url: string;
  };
}

async function onGithub(environment: Environment): Promise<Place> {
  const need = required(environment);
  const repository = need("GITHUB_REPOSITORY");
  const api = githubApi(need("GITHUB_API_URL"), need("GITHUB_TOKEN"));
  const { pull_request: pull, workflow_run: finished } = JSON.parse(
    readFileSync(need("GITHUB_EVENT_PATH"), "utf8"),
  ) as PullRequestEvent;
  if (pull) {
    const url = `${need("GITHUB_SERVER_URL")}/${repository}/actions/runs/${need("GITHUB_RUN_ID")}`;
    const trusted = pull.head.repo?.full_name === repository;
    return {
      run: { commit: pull.head.sha, url, trusted },
      conversations: [githubConversation(api, repository, pull.number)],
    };
  }
  if (!finished) {
    throw new Error("the event must be pull_request or workflow_run, got another");
  }
  const head = {
    repository: finished.head_repository.full_name,
    branch: finished.head_branch,
    commit: finished.head_sha,
  };
  const numbers = await pullRequestsOf(api, repository, head);
  return {
    run: {
      commit: head.commit,
      url: finished.html_url,
      trusted: head.repository === repository,
    },
    conversations: numbers.map((number) => githubConversation(api, repository, number)),
  };
}

async function onGitlab(environment: Environment): Promise<Place> {
  const need = required(environment);
  const project = need("CI_PROJECT_ID");
  const api = gitlabApi(need("CI_API_V4_URL"), need("GITLAB_TOKEN"));
  const number = Number(need("CI_MERGE_REQUEST_IID"));
  return {
    run: {
      commit: need("CI_COMMIT_SHA"),
      url: need("CI_PIPELINE_URL"),
      trusted: need("CI_MERGE_REQUEST_SOURCE_PROJECT_ID") === project,
    },
    conversations: [gitlabConversation(api, project, number)],
  };
}

/** A multibranch job of the GitHub branch source. */
async function onJenkins(environment: Environment): Promise<Place> {
  const need = required(environment);
  const address = need("CHANGE_URL");
  const match = /^(https?:\/\/[^/]+)\/([^/]+\/[^/]+)\/pull\/(\d+)$/.exec(address);
  if (!match) {
    throw new Error(
      `CHANGE_URL must be the address of a pull request on GitHub, got ${JSON.stringify(address)}`,
    );
  }
  const [, server, repository, number] = match;
  const url = server === "https://github.com" ? "https://api.github.com" : `${server}/api/v3`;
  return {
    run: { commit: need("GIT_COMMIT"), url: need("BUILD_URL"), trusted: !environment.CHANGE_FORK },
    conversations: [
      githubConversation(githubApi(url, need("GITHUB_TOKEN")), repository!, Number(number)),
    ],
  };
}

function required(environment: Environment): (name: string) => string {
  return (name) => {
    const value = environment[name];
    if (!value) throw new Error(`${name} must be set, got nothing`);
    return value;
  };
}
