import type { IncomingHttpHeaders } from "node:http";

/**
 * Headers that let the page at `Origin` read the answer, whichever SDK it runs; none where no page asks.
 *
 * They belong on errors too: without them an SDK sees a broken network and sends again what was refused for good.
 */
export function corsHeaders(request: IncomingHttpHeaders): Record<string, string> {
  if (request.origin === undefined) return {};
  const asked = request["access-control-request-headers"];
  return {
    "access-control-allow-origin": request.origin,
    "access-control-allow-credentials": "true",
    "access-control-allow-methods": "GET, POST, OPTIONS",
    ...(asked === undefined ? {} : { "access-control-allow-headers": asked }),
    "access-control-expose-headers": "etag, retry-after, x-mp-max-age, x-sse-support",
    "access-control-max-age": "600",
    vary: "origin",
  };
}
