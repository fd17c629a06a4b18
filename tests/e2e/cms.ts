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

/** Logs the admin in and returns the session's token. */
export async function logIn(stack: TestStack): Promise<string> {
  const { data } = await call<{ data: { token: string } }>(stack, "/admin/login", stack.admin);
  return data.token;
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
): Promise<{ slug: string; title: string }[]> {
  const url = new URL(`/api/pages?filters[slug][$eq]=${slug}&locale=en`, stack.urls.cms);
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`);
  return ((await answer.json()) as { data: { slug: string; title: string }[] }).data;
}
