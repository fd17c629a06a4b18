import { invalidField, missingField } from "../api-error.ts";
import type { Documentation } from "./alert-policy.ts";
import { requireBytes, requireLength } from "./limits.ts";

const FIELD = "alert_policy.documentation";

/** Checks the text and the links that go out with notifications. */
export function checkDocumentation({
  content,
  mimeType,
  subject,
  links = [],
}: Documentation): void {
  requireLength(`${FIELD}.content`, content, 8192);
  requireBytes(`${FIELD}.content`, content, 10_240);
  requireBytes(`${FIELD}.subject`, subject, 10_240);
  if (mimeType && mimeType !== "text/markdown") {
    throw invalidField(`${FIELD}.mime_type`, mimeType, 'Only "text/markdown" is supported.');
  }
  if (links.length > 3)
    throw invalidField(`${FIELD}.links`, links.length, "must not have more than 3 entries.");
  for (const [index, { displayName, url }] of links.entries()) {
    const at = `${FIELD}.links[${index}]`;
    if (!displayName) throw missingField(`${at}.display_name`);
    if (!url) throw missingField(`${at}.url`);
    requireLength(`${at}.display_name`, displayName, 63);
    requireLength(`${at}.url`, url, 2083);
  }
}
