import { invalidArgument, invalidField, missingField } from "../api-error.ts";
import { requireRange } from "./limits.ts";

/** How an uptime check asks over HTTP. */
export interface HttpCheck {
  readonly requestMethod?: string;
  readonly useSsl?: boolean;
  path?: string;
  port?: number;
  authInfo?: { readonly username?: string; password?: string };
  readonly maskHeaders?: boolean;
  headers?: Record<string, string>;
  readonly contentType?: string;
  readonly customContentType?: string;
  readonly validateSsl?: boolean;
  /** Base64. */
  readonly body?: string;
  readonly acceptedResponseStatusCodes?: readonly AcceptedStatus[];
  readonly pingConfig?: { readonly pingsCount?: number };
  readonly serviceAgentAuthentication?: object;
}

/** A status, or a class of them, that counts as an answer. */
export interface AcceptedStatus {
  readonly statusValue?: number;
  readonly statusClass?: string;
}

/** Most bytes of a body. */
const MAX_BODY = 1024 * 1024;

/** Checks how an uptime check asks over HTTP; no message repeats a header's value or a password. */
export function checkHttpCheck(field: string, check: HttpCheck): void {
  const { requestMethod = "GET", contentType, customContentType, body, headers = {} } = check;
  if (requestMethod === "POST") {
    if (!contentType) throw missingField(`${field}.content_type`);
  } else if (contentType || body) {
    throw invalidField(
      `${field}.${contentType ? "content_type" : "body"}`,
      contentType ?? "…",
      "must only be given when request_method is POST.",
    );
  }
  if ((contentType === "USER_PROVIDED") !== (customContentType !== undefined)) {
    throw invalidArgument(
      `Field ${field}.custom_content_type must be given when content_type is USER_PROVIDED, and only then.`,
    );
  }
  if (Buffer.from(body ?? "", "base64").length > MAX_BODY) {
    throw invalidArgument(`Field ${field}.body must not exceed ${MAX_BODY} bytes.`);
  }
  if (check.port !== undefined) requireRange(`${field}.port`, check.port, 1, 65_535);
  checkHeaders(`${field}.headers`, headers);
  requireRange(`${field}.ping_config.pings_count`, check.pingConfig?.pingsCount ?? 0, 0, 3);
  if (check.authInfo && check.serviceAgentAuthentication) {
    throw invalidArgument(
      `Field ${field} must not have both auth_info and service_agent_authentication.`,
    );
  }
  if (check.authInfo && !check.authInfo.username) {
    throw missingField(`${field}.auth_info.username`);
  }
  check.acceptedResponseStatusCodes?.forEach(({ statusValue }, index) => {
    if (statusValue === undefined) return;
    requireRange(
      `${field}.accepted_response_status_codes[${index}].status_value`,
      statusValue,
      100,
      599,
    );
  });
}

function checkHeaders(field: string, headers: Readonly<Record<string, string>>): void {
  const names = Object.keys(headers);
  if (names.length > 100) {
    throw invalidField(field, names.length, "must not have more than 100 entries.");
  }
  for (const name of names) {
    if (/^content-type$/i.test(name)) {
      throw invalidField(field, name, "Content-Type must be given as content_type.");
    }
    if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name)) {
      throw invalidField(field, name, "must be a header's name.");
    }
    if (/[\r\n]/.test(headers[name]!)) {
      throw invalidArgument(`Field ${field}[${name}] must not have line breaks.`);
    }
  }
}
