import type { IncomingHttpHeaders } from "node:http";

/** User name of HTTP Basic; undefined if there is none. */
export function basicUser({ authorization }: IncomingHttpHeaders): string | undefined {
  const basic = /^Basic ([A-Za-z0-9+/=_-]+)$/i.exec(authorization ?? "")?.[1];
  return (basic && Buffer.from(basic, "base64").toString("latin1").split(":", 1)[0]) || undefined;
}
