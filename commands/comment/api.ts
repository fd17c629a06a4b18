/** How long one answer may take, in milliseconds. */
const PATIENCE = 20_000;

/** One answer of a code host. */
export interface ApiAnswer {
  readonly status: number;
  readonly content: unknown;
  /** Address of the next page of a list; undefined on its last. */
  readonly next: string | undefined;
}

/** A code host's HTTP API, with somebody's token. */
export interface Api {
  /** Address that paths are appended to, without a slash at its end. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * One request.
 *
 * @param path with its leading slash.
 * @throws Error if no answer comes within 20 s; any status is an answer.
 */
export async function callApi(
  api: Api,
  method: string,
  path: string,
  body?: object,
): Promise<ApiAnswer> {
  const answer = await fetch(`${api.url}${path}`, {
    method,
    headers: {
      ...api.headers,
      "user-agent": "marketing-stack",
      ...(body ? { "content-type": "application/json" } : {}),
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
    // A host that sends the request elsewhere would send the token along.
    redirect: "error",
    signal: AbortSignal.timeout(PATIENCE),
  });
  const text = await answer.text();
  return {
    status: answer.status,
    content: text === "" ? undefined : parsed(text),
    next: nextPage(answer.headers.get("link")),
  };
}

/**
 * The content of an answer that has to succeed.
 *
 * @param remedy what to do where the host refuses.
 * @throws Error with the request, the status and what the host said; never with the token.
 */
export async function askApi(
  api: Api,
  request: { readonly method: string; readonly path: string; readonly body?: object },
  remedy: string,
): Promise<unknown> {
  const { method, path, body } = request;
  return accepted(await callApi(api, method, path, body), `${method} ${path}`, remedy);
}

/** Every entry of a list, page after page. @throws as {@link askApi} */
export async function listAll(api: Api, path: string, remedy: string): Promise<unknown[]> {
  const entries: unknown[] = [];
  for (let next: string | undefined = path; next !== undefined;) {
    const answer: ApiAnswer = await callApi(api, "GET", next);
    entries.push(...(accepted(answer, `GET ${next}`, remedy) as unknown[]));
    next = answer.next && pathOn(api, answer.next);
  }
  return entries;
}

function accepted({ status, content }: ApiAnswer, request: string, remedy: string): unknown {
  if (status >= 200 && status < 300) return content;
  const said = JSON.stringify(content ?? "").slice(0, 300);
  throw new Error(`${request} must be accepted, got ${status} ${said}; ${remedy}`);
}

/** Path of a page on the same host: a token goes nowhere else. */
function pathOn(api: Api, address: string): string {
  if (!address.startsWith(`${api.url}/`)) {
    throw new Error(`the next page must be on ${api.url}, got ${JSON.stringify(address)}`);
  }
  return address.slice(api.url.length);
}

function nextPage(link: string | null): string | undefined {
  return /<([^>]+)>\s*;\s*rel="?next"?/.exec(link ?? "")?.[1];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
