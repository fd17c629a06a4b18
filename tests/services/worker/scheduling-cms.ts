import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** An entry that an editor scheduled. */
export interface Scheduled {
  readonly action: "publish" | "unpublish";
  readonly uid: string;
  readonly documentId: string;
  readonly locale: string;
  readonly slug: string;
  readonly at: string;
}

/** The route `/api/scheduled-content` of the CMS, with a clock of its own. */
export interface SchedulingCms {
  readonly url: string;
  now: Date;
  readonly scheduled: Scheduled[];
  /** What was done, in order: `publish sale`. */
  readonly done: string[];
  /** What the CMS does when it is asked to carry out the change of a slug: else it does it. */
  readonly faults: Map<string, "refuse" | "fail" | "lose the answer">;
  stop(): Promise<void>;
}

/** Starts one that answers as `services/cms/src/api/scheduled-content` does. */
export async function startSchedulingCms(token: string): Promise<SchedulingCms> {
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    if (request.headers.authorization !== `Bearer ${token}`) {
      return answer(response, 403, { data: null, error: { status: 403, message: "Forbidden" } });
    }
    if (request.url !== "/api/scheduled-content") return answer(response, 404, {});
    if (request.method === "GET") {
      const due = cms.scheduled
        .filter(({ at }) => new Date(at) <= cms.now)
        .sort((a, b) => (a.at < b.at ? -1 : 1))
        .map((change) => ({
          ...change,
          lateSeconds: (cms.now.getTime() - new Date(change.at).getTime()) / 1000,
        }));
      return answer(response, 200, { data: due });
    }
    const { data } = JSON.parse(body) as { data: Omit<Scheduled, "slug"> };
    if (new Date(data.at) > cms.now) return answer(response, 200, { data: { result: "early" } });
    const index = cms.scheduled.findIndex(
      ({ action, uid, documentId, locale, at }) =>
        action === data.action &&
        uid === data.uid &&
        documentId === data.documentId &&
        locale === data.locale &&
        at === data.at,
    );
    const found = cms.scheduled[index];
    if (!found) return answer(response, 200, { data: { result: "changed" } });
    const fault = cms.faults.get(found.slug);
    if (fault === "fail") return answer(response, 500, { data: null, error: { status: 500 } });
    if (fault === "refuse") {
      return answer(response, 400, {
        data: null,
        error: {
          status: 400,
          name: "ValidationError",
          message: "2 errors occurred",
          details: {
            errors: [
              { path: ["headline"], message: "headline must be a `string` type", value: null },
              { path: ["seo"], message: "seo must be a `object` type", value: null },
            ],
          },
        },
      });
    }
    cms.scheduled.splice(index, 1);
    cms.done.push(`${found.action} ${found.slug}`);
    if (fault === "lose the answer") return void response.destroy();
    answer(response, 200, { data: { result: "done" } });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const cms: SchedulingCms = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    now: new Date(0),
    scheduled: [],
    done: [],
    faults: new Map(),
    stop: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  return cms;
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
