import type { SecretSpec } from "./generated-secret.ts";

/** The secrets that `Cms` generates, by the end of their names. */
export const cmsSecrets = {
  "admin-password": {
    length: 24,
    mixed: true,
    purpose: "logs the CMS's first administrator in",
    notice: "The administrator logs in with the new one",
  },
  "admin-jwt-secret": {
    length: 32,
    mixed: true,
    purpose: "signs the sessions of the CMS's admin page",
    notice: "Everybody logs in to the admin page again",
  },
  "jwt-secret": {
    length: 32,
    mixed: true,
    purpose: "signs the sessions of the CMS's site users",
    notice: "Site users log in again",
  },
  "app-keys": { length: 32, mixed: true, purpose: "signs the CMS's cookies" },
  "api-token-salt": {
    length: 32,
    mixed: true,
    purpose: "hashes the CMS's API tokens",
    notice: "API tokens made in the admin page end; the worker's own goes on",
  },
  "transfer-token-salt": {
    length: 32,
    mixed: true,
    purpose: "hashes the CMS's transfer tokens",
    notice: "Transfer tokens made in the admin page end",
  },
  "encryption-key": {
    length: 32,
    mixed: true,
    purpose: "encrypts what the admin page shows again of API tokens",
    notice: "API tokens made in the admin page work on, but are not shown again",
  },
  "worker-api-token": { length: 64, mixed: true, purpose: "lets the worker read the CMS" },
  "content-api-token": {
    length: 64,
    mixed: true,
    purpose: "lets a release read content from the CMS and bring it there",
  },
  "webhook-token": { length: 48, mixed: true, purpose: "lets the CMS's webhook into the worker" },
} satisfies Record<string, SecretSpec>;

/** The end of the name of one of {@link cmsSecrets}. */
export type CmsSecret = keyof typeof cmsSecrets;
