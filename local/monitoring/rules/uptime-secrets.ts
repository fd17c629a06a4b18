import type { UptimeCheck } from "./uptime-check.ts";

/** What a reader gets instead of a password or a masked header. */
const MASKED = "******";

/** The check as readers get it: without its password, and without its headers' values if it masks them. */
export function withoutSecrets(check: UptimeCheck): UptimeCheck {
  const { httpCheck } = check;
  if (!httpCheck) return check;
  const headers = { ...httpCheck.headers };
  if (httpCheck.body) {
    headers["Content-Length"] = String(Buffer.from(httpCheck.body, "base64").length);
  }
  if (httpCheck.maskHeaders) for (const name of Object.keys(headers)) headers[name] = MASKED;
  return {
    ...check,
    httpCheck: {
      ...httpCheck,
      ...(Object.keys(headers).length > 0 ? { headers } : {}),
      ...(httpCheck.authInfo ? { authInfo: { ...httpCheck.authInfo, password: MASKED } } : {}),
    },
  };
}

/** The check with what {@link withoutSecrets} hid put back, where a caller sends back what it read. */
export function withSecrets(check: UptimeCheck, stored: UptimeCheck): UptimeCheck {
  const { httpCheck } = check;
  if (!httpCheck) return check;
  const { authInfo } = httpCheck;
  const kept = stored.httpCheck;
  const headers = Object.entries(httpCheck.headers ?? {})
    .filter(([name]) => name !== "Content-Length")
    .map(([name, value]) => [name, value === MASKED ? (kept?.headers?.[name] ?? value) : value]);
  return {
    ...check,
    httpCheck: {
      ...httpCheck,
      ...(httpCheck.headers ? { headers: Object.fromEntries(headers) } : {}),
      ...(authInfo?.password === MASKED && kept?.authInfo?.password
        ? { authInfo: { ...authInfo, password: kept.authInfo.password } }
        : {}),
    },
  };
}
