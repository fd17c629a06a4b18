import type { IncomingHttpHeaders } from "node:http";

/** Token of HTTP Bearer; undefined if there is none. */
export function bearerToken({ authorization }: IncomingHttpHeaders): string | undefined {
  return /^Bearer ([A-Za-z0-9._~+/=-]+)$/i.exec(authorization ?? "")?.[1];
}
