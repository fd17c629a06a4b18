import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

/** A comment as a {@link CodeHost} keeps it. */
export interface KeptComment {
  id: number;
  body: string;
  readonly author: string;
}

/** The comments' part of a code host's API, on loopback, with its paging and its refusals. */
export interface CodeHost {
  readonly url: string;
  /** What is said on the pull request, by anybody; tests put other people's comments here. */
  readonly comments: KeptComment[];
  /** `method path` of each request that wrote, in order. */
  readonly writes: string[];
  /** Answer to a list of pull requests. */
  pulls: object[];
  stop(): Promise<void>;
}

/** How the hosts differ in what {@link startCodeHost} plays. */
interface Dialect {
  readonly listPath: RegExp;
  readonly onePath: RegExp;
  readonly updateMethod: "PATCH" | "PUT";
  readonly token: (request: IncomingMessage) => string | undefined;
  readonly shown: (comment: KeptComment) => object;
  /** Answer to `GET /user`; undefined for a token that may not ask. */
  readonly user: object | undefined;
}

/** Who the test's token comments as on GitHub: workflows' own tokens are this account's. */
export const OURS = "github-actions[bot]";

/** GitHub's dialect, for the token of a workflow. */
export const github: Dialect = {
  listPath: /^\/repos\/o\/r\/issues\/7\/comments$/,
  onePath: /^\/repos\/o\/r\/issues\/comments\/(\d+)$/,
  updateMethod: "PATCH",
  token: ({ headers }) => headers.authorization?.replace("Bearer ", ""),
  shown: ({ id, body, author }) => ({ id, body, user: { login: author } }),
  user: undefined,
};

/** GitLab's dialect, for a project access token. */
export const gitlab: Dialect = {
  listPath: /^\/projects\/42\/merge_requests\/7\/notes$/,
  onePath: /^\/projects\/42\/merge_requests\/7\/notes\/(\d+)$/,
  updateMethod: "PUT",
  token: ({ headers }) => headers["private-token"] as string | undefined,
  shown: ({ id, body, author }) => ({ id, body, system: false, author: { id: idOf(author) } }),
  user: { id: idOf(OURS) },
};

/** Starts a host that takes the token `token-of-the-test` and pages its lists by what `per_page` asks for. */
export async function startCodeHost(dialect: Dialect): Promise<CodeHost> {
  const comments: KeptComment[] = [];
  const writes: string[] = [];
  const host = { comments, writes, pulls: [] as object[] };

  const respond = async (request: IncomingMessage): Promise<[number, unknown, string?]> => {
    const url = new URL(request.url!, address());
    if (dialect.token(request) !== "token-of-the-test")
      return [401, { message: "Bad credentials" }];
    if (url.pathname === "/user") {
      return dialect.user ? [200, dialect.user] : [403, { message: "Resource not accessible" }];
    }
    if (url.pathname === "/repos/o/r/pulls") return [200, host.pulls];
    if (request.method !== "GET") writes.push(`${request.method} ${url.pathname}`);
    const { body } = (await sent(request)) as { body?: string };
    if (dialect.listPath.test(url.pathname)) {
      if (request.method === "GET") return page(url);
      if (body!.length > 65_536) return [422, { message: "body is too long" }];
      const id = Math.max(0, ...comments.map((comment) => comment.id)) + 1;
      comments.push({ id, body: body!, author: OURS });
      return [201, dialect.shown(comments.at(-1)!)];
    }
    const index = comments.findIndex(
      ({ id }) => String(id) === dialect.onePath.exec(url.pathname)?.[1],
    );
    if (index < 0) return [404, { message: "Not Found" }];
    if (request.method === "DELETE") {
      comments.splice(index, 1);
      return [204, undefined];
    }
    if (request.method !== dialect.updateMethod) return [405, { message: "Method Not Allowed" }];
    comments[index]!.body = body!;
    return [200, dialect.shown(comments[index]!)];
  };

  const page = (url: URL): [number, unknown, string?] => {
    const size = Math.min(100, Number(url.searchParams.get("per_page") ?? 30));
    const number = Number(url.searchParams.get("page") ?? 1);
    const slice = comments.slice((number - 1) * size, number * size).map(dialect.shown);
    if (number * size >= comments.length) return [200, slice];
    url.searchParams.set("page", String(number + 1));
    return [200, slice, `<${url.href}>; rel="next", <${url.href}>; rel="last"`];
  };

  const server = createServer((request, response) => {
    void respond(request).then(([status, content, link]) => {
      response.writeHead(status, {
        "content-type": "application/json",
        ...(link ? { link } : {}),
      });
      response.end(content === undefined ? "" : JSON.stringify(content));
    });
  });
  const address = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return Object.assign(host, {
    url: address(),
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  });
}

async function sent(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return chunks.length === 0 ? {} : JSON.parse(Buffer.concat(chunks).toString("utf8"));
}

function idOf(author: string): number {
  return author.length;
}
