import * as pulumi from "@pulumi/pulumi";
import type { AlertChannel, ChannelConnection } from "../infra/alert-channels.ts";

/** Ways that a stack may have besides e-mail. */
const CHANNELS: readonly AlertChannel[] = ["pager", "chat"];

interface Field {
  readonly rule: string;
  readonly form: RegExp;
}

const FIELDS: Readonly<Record<string, Readonly<Record<string, Field>>>> = {
  pagerduty: {
    serviceKey: {
      rule: "be an integration key of 8-512 characters without white space",
      form: /^\S{8,512}$/,
    },
  },
  slack: {
    channel: { rule: "be the name of a channel such as #marketing", form: /^#?[^\s#]{1,80}$/ },
    token: { rule: "be a token of 8-512 characters without white space", form: /^\S{8,512}$/ },
  },
  webhook: { url: { rule: "be an http(s) URL", form: /^https?:\/\/[^\s/]+\S*$/ } },
};

/** Values of these are shown by no message and by no preview. */
const SECRETS = ["serviceKey", "token", "url"];

/** Configured ways besides e-mail by which alerts go out, or what is wrong with them. */
export interface AlertChannels {
  readonly channels: Readonly<Partial<Record<AlertChannel, ChannelConnection>>>;
  /** Rules that they break, without any secret. */
  readonly problems: readonly string[];
}

/**
 * Reads `alertChannels`: how pager and chat are reached.
 *
 * @param given the key's value, decrypted.
 * @param isSecret whether the stack's file holds it encrypted.
 */
export function readAlertChannels(given: unknown, isSecret: boolean): AlertChannels {
  const key = "marketing-stack:alertChannels";
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    return { channels: {}, problems: [`${key} must hold ways by name, got ${typeof given}`] };
  }
  const problems: string[] = [];
  const channels: Partial<Record<AlertChannel, ChannelConnection>> = {};
  for (const [name, settings] of Object.entries(given as Record<string, unknown>)) {
    if (!CHANNELS.includes(name as AlertChannel)) {
      problems.push(`${key}.${name} must be one of ${CHANNELS.join(", ")}`);
      continue;
    }
    const { kind, ...values } = (settings ?? {}) as Record<string, unknown>;
    const fields = FIELDS[String(kind)];
    if (!fields) {
      const got = JSON.stringify(kind) ?? "nothing";
      problems.push(`${key}.${name}.kind must be ${Object.keys(FIELDS).join(", ")}, got ${got}`);
      continue;
    }
    for (const [field, { rule, form }] of Object.entries(fields)) {
      if (form.test(String(values[field] ?? ""))) continue;
      const got = values[field] === undefined ? "nothing" : "something else";
      problems.push(`${key}.${name}.${field} must ${rule}, got ${got}`);
    }
    for (const field of Object.keys(values)) {
      if (Object.hasOwn(fields, field)) continue;
      problems.push(
        `${key}.${name}.${field} must be one of the fields kind, ${Object.keys(fields).join(", ")}`,
      );
    }
    const kept = Object.keys(fields).map((field) => {
      const value = String(values[field]);
      return [field, SECRETS.includes(field) ? pulumi.secret(value) : value];
    });
    channels[name as AlertChannel] = { kind, ...Object.fromEntries(kept) } as ChannelConnection;
  }
  if (problems.length === 0 && Object.keys(channels).length > 0 && !isSecret) {
    problems.push(
      `${key} must hold secrets, got plain text; set each field with pulumi config set --path --secret`,
    );
  }
  return { channels: problems.length > 0 ? {} : channels, problems };
}
