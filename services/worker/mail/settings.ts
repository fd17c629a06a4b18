import { isBaseUrl } from "../../contract/base-url.ts";
import { smtpServer, type SmtpServer } from "../../contract/smtp-url.ts";

/** How letters leave. */
export interface MailSettings {
  readonly smtp: SmtpServer;
  /** Write key of the source that signs links, `MAIL_SOURCE`. */
  readonly linkKey: string;
  /** Where the collector is reached by whoever gets a letter, without `/` at its end. */
  readonly collectorUrl: string;
  /** Value of `{{ siteUrl }}`, without `/` at its end. */
  readonly siteUrl: string;
}

/**
 * The settings in a value of JSON: `{"smtpUrl", "linkKey", "collectorUrl", "siteUrl"}`.
 *
 * @throws Error naming every field that is wrong, without its value, which may be a secret.
 */
export function mailSettings(value: unknown): MailSettings {
  const fields = Object(value) as Record<string, unknown>;
  const text = (name: string): string => {
    const field = fields[name];
    return typeof field === "string" ? field : "";
  };
  const smtp = smtpServer(text("smtpUrl"));
  const problems = [
    smtp ? [] : ["MAIL.smtpUrl must be smtps://, smtp:// or smtp+plain:// with a host"],
    /^[A-Za-z0-9_-]{8,128}$/.test(text("linkKey"))
      ? []
      : ["MAIL.linkKey must have 8-128 characters of [A-Za-z0-9_-]"],
    ...["collectorUrl", "siteUrl"].map((name) =>
      isBaseUrl(text(name)) ? [] : [`MAIL.${name} must be an http(s) URL without / at its end`],
    ),
  ].flat();
  if (!smtp || problems.length > 0) {
    const remedy = "got something else; leave MAIL out to send no letters";
    throw new Error(problems.map((problem) => `${problem}, ${remedy}`).join("\n"));
  }
  return {
    smtp,
    linkKey: text("linkKey"),
    collectorUrl: text("collectorUrl"),
    siteUrl: text("siteUrl"),
  };
}
