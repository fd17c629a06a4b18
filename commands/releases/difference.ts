import type { Release } from "../../stacks/releases.ts";
import { contentDifference } from "../content/difference.ts";
import type { Snapshot } from "../content/snapshot.ts";
import { missingMigrations } from "./migration-order.ts";

/**
 * What an environment gets with a release, in words, one sentence a line.
 *
 * @param from what it runs.
 * @param snapshot reads content by its digest.
 */
export function differenceInWords(
  from: Release | undefined,
  to: Release,
  snapshot: (digest: string) => Snapshot,
): string[] {
  if (!from) {
    return [
      "The first release of this environment: everything is new.",
      ...migrations({}, to.migrations),
    ];
  }
  const images = Object.keys(to.images).filter(
    (image) => from.images[image as Image] !== to.images[image as Image],
  );
  const sentences = [
    ...(images.length > 0 ? [`New images: ${images.join(", ")}.`] : []),
    ...content(from.content, to.content, snapshot),
    ...part("campaigns", from.campaigns, to.campaigns),
    ...part("alerts", from.alerts, to.alerts),
    ...(from.configSchema === to.configSchema ? [] : ["The configuration has other keys."]),
    ...migrations(from.migrations, to.migrations),
  ];
  return sentences.length > 0 ? sentences : ["Images, data and migrations are the same."];
}

type Image = keyof Release["images"];

function content(
  from: string | null,
  to: string | null,
  snapshot: (digest: string) => Snapshot,
): string[] {
  if (from === to) return [];
  if (to === null) return ["Content stays as it is: this release carries none."];
  if (from === null) return ["New: content."];
  return contentDifference(snapshot(from), snapshot(to));
}

function part(name: string, from: string | null, to: string | null): string[] {
  if (from === to) return [];
  if (from === null) return [`New: ${name}.`];
  return [to === null ? `Gone: ${name}.` : `Changed: ${name}.`];
}

function migrations(from: Release["migrations"], to: Release["migrations"]): string[] {
  const next = missingMigrations(from, to);
  const back = missingMigrations(to, from);
  return [
    ...(next.length > 0 ? [`Migrations to be run: ${next.join(", ")}.`] : []),
    ...(back.length > 0
      ? [`Migrations that stay, unknown to this release: ${back.join(", ")}.`]
      : []),
  ];
}
