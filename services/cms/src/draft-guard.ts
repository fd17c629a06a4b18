/** Name of Strapi's authentication strategy for API tokens. */
const API_TOKEN = "content-api-token";

/**
 * Whether a read asks for something other than published content without an API token.
 *
 * Strapi answers `?status=draft` to anybody who may read the published entries. Only the exact word
 * `published` passes: a repeated or nested parameter (`status[]=draft`) is an array or an object here.
 *
 * @param status the query parameter `status`, as parsed.
 * @param strategy name of the strategy that authenticated the caller; undefined for the public.
 */
export function asksForDrafts(status: unknown, strategy: string | undefined): boolean {
  return status !== undefined && status !== "published" && strategy !== API_TOKEN;
}
