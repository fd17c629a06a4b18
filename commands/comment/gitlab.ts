import { askApi, listAll, type Api } from "./api.ts";
import type { Conversation } from "./sticky.ts";

const REMEDY = "set GITLAB_TOKEN to a project access token with the scope api";

interface Note {
  readonly id: number;
  readonly body: string;
  readonly system: boolean;
  readonly author: { readonly id: number };
}

/** GitLab's REST API at `url` (`CI_API_V4_URL`), for an access token. */
export function gitlabApi(url: string, token: string): Api {
  return { url: url.replace(/\/$/, ""), headers: { "private-token": token } };
}

/** The notes of merge request `number` of the project with this id. */
export function gitlabConversation(api: Api, project: string, number: number): Conversation {
  const notes = `/projects/${encodeURIComponent(project)}/merge_requests/${number}/notes`;
  const ask = (method: string, path: string, body?: object): Promise<unknown> =>
    askApi(api, { method, path, ...(body ? { body } : {}) }, REMEDY);
  return {
    async ownComments() {
      const { id: own } = (await ask("GET", "/user")) as { id: number };
      const path = `${notes}?per_page=100&sort=asc&order_by=created_at`;
      const found = (await listAll(api, path, REMEDY)) as Note[];
      return found
        .filter(({ system, author }) => !system && author.id === own)
        .map(({ id, body }) => ({ id, body }));
    },
    async create(body) {
      await ask("POST", notes, { body });
    },
    async update(id, body) {
      await ask("PUT", `${notes}/${id}`, { body });
    },
    async remove(id) {
      await ask("DELETE", `${notes}/${id}`);
    },
  };
}
