import { askApi, callApi, listAll, type Api } from "./api.ts";
import type { Conversation } from "./sticky.ts";

const REMEDY = "give the token the permission to write to pull requests";

/** Who a workflow's own token comments as; such a token may not ask. */
const WORKFLOW = "github-actions[bot]";

interface IssueComment {
  readonly id: number;
  readonly body: string | null;
  readonly user: { readonly login: string } | null;
}

/** GitHub's REST API at `url`, for a token. */
export function githubApi(url: string, token: string): Api {
  return {
    url: url.replace(/\/$/, ""),
    headers: {
      accept: "application/vnd.github+json",
      authorization: `Bearer ${token}`,
      "x-github-api-version": "2022-11-28",
    },
  };
}

/** The comments of pull request `number` of `repository` (`owner/name`). */
export function githubConversation(api: Api, repository: string, number: number): Conversation {
  const issues = `/repos/${repository}/issues`;
  const ask = (method: string, path: string, body?: object): Promise<unknown> =>
    askApi(api, { method, path, ...(body ? { body } : {}) }, REMEDY);
  return {
    async ownComments() {
      const login = await ownLogin(api);
      const path = `${issues}/${number}/comments?per_page=100`;
      const comments = (await listAll(api, path, REMEDY)) as IssueComment[];
      return comments
        .filter(({ user }) => user?.login === login)
        .map(({ id, body }) => ({ id, body: body ?? "" }));
    },
    async create(body) {
      await ask("POST", `${issues}/${number}/comments`, { body });
    },
    async update(id, body) {
      await ask("PATCH", `${issues}/comments/${id}`, { body });
    },
    async remove(id) {
      await ask("DELETE", `${issues}/comments/${id}`);
    },
  };
}

/**
 * Numbers of the open pull requests of `repository` whose head is this very commit of this branch.
 *
 * @param head repository (`owner/name`) and branch that the commit was pushed to.
 */
export async function pullRequestsOf(
  api: Api,
  repository: string,
  head: { readonly repository: string; readonly branch: string; readonly commit: string },
): Promise<number[]> {
  const owner = head.repository.split("/")[0]!;
  const query = new URLSearchParams({
    state: "open",
    head: `${owner}:${head.branch}`,
    per_page: "100",
  });
  const pulls = (await listAll(api, `/repos/${repository}/pulls?${query}`, REMEDY)) as {
    number: number;
    head: { sha: string; repo: { full_name: string } | null };
  }[];
  return pulls
    .filter(({ head: { sha, repo } }) => sha === head.commit && repo?.full_name === head.repository)
    .map(({ number }) => number);
}

async function ownLogin(api: Api): Promise<string> {
  const { status, content } = await callApi(api, "GET", "/user");
  return status === 200 ? (content as { login: string }).login : WORKFLOW;
}
