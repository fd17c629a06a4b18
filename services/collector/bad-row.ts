/// <reference lib="es2024.string" />

import { createHash } from "node:crypto";

/** What a sender sent and nobody could use: kept byte for byte but for IP addresses, with the reason. */
export interface BadRow {
  /** Digest of source, dialect, path and bytes: the same, sent again, is one row. */
  readonly id: string;
  /** Source whose write key came with it; empty if it is not known. */
  readonly source: string;
  /** Protocol it arrived in; empty if it is not known. */
  readonly dialect: string;
  /** Path of the request, without query; empty if it did not come in one. */
  readonly path: string;
  /** Why it is not an event, up to 500 characters. May quote what was sent. */
  readonly reason: string;
  /** UTC, as in an event. */
  readonly receivedAt: string;
  /** The bytes as they came, IP addresses truncated, in base64. */
  readonly raw: string;
}

/** Arguments of {@link badRow}: a {@link BadRow} before it has its id. */
export type Rejected = Omit<BadRow, "id" | "raw"> & { readonly raw: Buffer };

const MAX_REASON = 500;

/** The bad row for what was rejected. */
export function badRow(rejected: Rejected): BadRow {
  const { source, dialect, path, reason, receivedAt, raw } = rejected;
  const id = createHash("sha256")
    .update([source, dialect, path, ""].join("\0"))
    .update(raw)
    .digest("hex");
  return {
    id,
    source,
    dialect,
    path,
    reason: reason.slice(0, MAX_REASON).toWellFormed().replaceAll("\0", "\uFFFD"),
    receivedAt,
    raw: raw.toString("base64"),
  };
}
