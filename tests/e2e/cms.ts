import type { TestStack } from "./stack.ts";

/** A call of the CMS's admin API as its own admin page makes it; fails on any status but 2xx. */
async function call<T>(stack: TestStack, path: string, body: unknown, token?: string): Promise<T> {
  const answer = await fetch(new URL(path, stack.urls.cms), {
    method: "POST",
    headers: {
      "content-type": "application/json",
      ...(token ? { authorization: `Bearer ${token}` } : {}),
    },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as T;
}

/** What a browser has after the admin logged in. */
export interface AdminSession {
  /** Bearer token of the admin API. */
  readonly token: string;
  /** Cookie by which the browser gets the next token: `name=value`. */
  readonly cookie: string;
  /** What the CMS signed it with. */
  readonly signature: string;
}

/** Logs the admin in; the CMS lets a client try five times in five minutes. */
export async function adminSession(stack: TestStack): Promise<AdminSession> {
  const answer = await fetch(new URL("/admin/login", stack.urls.cms), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(stack.admin),
  });
  if (!answer.ok) throw new Error(`login answered ${answer.status}: ${await answer.text()}`);
  const { data } = (await answer.json()) as { data: { token: string } };
  const [cookie = "", signature = ""] = answer.headers
    .getSetCookie()
    .map((header) => header.split(";")[0]!);
  return { token: data.token, cookie, signature: signature.split("=")[1]! };
}

/** Logs the admin in and returns the session's token. */
export async function logIn(stack: TestStack): Promise<string> {
  return (await adminSession(stack)).token;
}

/** Makes a user of the site and returns its id. */
export async function makeSiteUser(stack: TestStack, token: string): Promise<number> {
  const answer = await fetch(new URL("/users-permissions/roles", stack.urls.cms), {
    headers: { authorization: `Bearer ${token}` },
  });
  const { roles } = (await answer.json()) as { roles: { id: number; type: string }[] };
  const role = roles.find(({ type }) => type === "authenticated")!;
  const path = "/content-manager/collection-types/plugin::users-permissions.user";
  const visitor = {
    username: "visitor",
    email: "visitor@example.com",
    password: "Visitor-password-1",
    confirmed: true,
    blocked: false,
    role: { connect: [{ id: role.id }] },
  };
  return (await call<{ id: number }>(stack, path, visitor, token)).id;
}

/** Makes an API token as somebody does in the admin page, and returns its value. */
export async function makeApiToken(stack: TestStack, token: string): Promise<string> {
  const byHand = { name: "by hand", description: "", type: "read-only", lifespan: null };
  const made = await call<{ data: { accessKey: string } }>(
    stack,
    "/admin/api-tokens",
    byHand,
    token,
  );
  return made.data.accessKey;
}

/** The value of the API token `name` as the admin page shows it; null where it cannot. */
export async function shownApiToken(
  stack: TestStack,
  token: string,
  name: string,
): Promise<string | null> {
  const read = async <T>(path: string): Promise<T> => {
    const answer = await fetch(new URL(path, stack.urls.cms), {
      headers: { authorization: `Bearer ${token}` },
    });
    return ((await answer.json()) as { data: T }).data;
  };
  const tokens = await read<{ id: number; name: string }[]>("/admin/api-tokens");
  const { id } = tokens.find((one) => one.name === name)!;
  return (await read<{ accessKey: string | null }>(`/admin/api-tokens/${id}`)).accessKey;
}

/** Uploads a PDF into the media library as the admin page does, and returns the path at which it is served. */
export async function uploadPdf(
  stack: TestStack,
  token: string,
  name: string,
  content: string,
): Promise<string> {
  const form = new FormData();
  form.append("files", new Blob([content], { type: "application/pdf" }), name);
  form.append("fileInfo", JSON.stringify({ name }));
  const answer = await fetch(new URL("/upload", stack.urls.cms), {
    method: "POST",
    headers: { authorization: `Bearer ${token}` },
    body: form,
  });
  if (!answer.ok) throw new Error(`/upload answered ${answer.status}: ${await answer.text()}`);
  const [file] = (await answer.json()) as [{ url: string }];
  return file.url;
}

/** Creates a page as a draft and returns its document id. */
export async function draftPage(stack: TestStack, token: string, page: object): Promise<string> {
  const path = "/content-manager/collection-types/api::page.page?locale=en";
  const { data } = await call<{ data: { documentId: string } }>(stack, path, page, token);
  return data.documentId;
}

/** Publishes a page. */
export async function publishPage(
  stack: TestStack,
  token: string,
  id: string,
  page: object,
): Promise<void> {
  const path = `/content-manager/collection-types/api::page.page/${id}/actions/publish?locale=en`;
  await call(stack, path, page, token);
}

/** Pages with a slug that anybody can read. */
export async function publicPages(
  stack: TestStack,
  slug: string,
): Promise<{ documentId: string; slug: string; title: string }[]> {
  const url = new URL(`/api/pages?filters[slug][$eq]=${slug}&locale=en`, stack.urls.cms);
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`);
  const { data } = (await answer.json()) as {
    data: { documentId: string; slug: string; title: string }[];
  };
  return data;
}
