import type { Registration } from "../mocks.ts";

/** A registration without what changes with every edit of a service, a runbook or a migration. */
export function settled(registration: Registration): unknown {
  return JSON.parse(JSON.stringify(registration), (_key, value: unknown) => {
    if (typeof value !== "string") return value;
    if (value.length > 300) return `<text of ${value.split("\n")[0]!.slice(0, 60)}…>`;
    return value
      .replace(/\b[0-9a-f]{64}\b/g, "<digest>")
      .replace(/:[0-9a-f]{16}$/, ":<tag>")
      .replace(/(database-schema)-[0-9a-f]{8}/g, "$1-<digest>");
  });
}
