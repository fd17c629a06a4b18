import type { HistoryEntry } from "./history.ts";

/** One line for people: when, what, by whom, and why. */
export function storyLine({ occurredAt, actor, recorded, ...entry }: HistoryEntry): string {
  const when = occurredAt.slice(0, 19).replace("T", " ");
  const mark = recorded ? "" : " (waits for the database)";
  return printable(`${when}  ${entry.kind.padEnd(9)}  ${sentence(entry)}, by ${actor}${mark}`);
}

function sentence({
  kind,
  subject,
  details,
}: Pick<HistoryEntry, "kind" | "subject" | "details">): string {
  const reason = typeof details.reason === "string" ? `: ${firstLine(details.reason)}` : "";
  const services = Array.isArray(details.services) ? details.services.join(", ") : "";
  switch (kind) {
    case "deploy":
      return `${subject} ${String(details.outcome)}${services ? ` (${services})` : ""}${reason}`;
    case "promotion":
      return `${typeof details.from === "string" ? `${details.from} → ` : ""}${subject}`;
    case "rollback":
      return `${String(details.from)} → ${subject}${reason}`;
    case "gate":
      return `step ${subject} ${String(details.kind)}${reason}`;
    case "backup":
    case "restore":
    case "restore-drill":
      return `${String(details.outcome)}${reason}`;
    default:
      return `${subject}${reason}`;
  }
}

function firstLine(text: string): string {
  return text.split("\n")[0]!;
}

/** A reason may hold what moves a terminal's cursor. */
function printable(text: string): string {
  return text.replace(/\p{C}/gu, "�");
}
