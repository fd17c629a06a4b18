import type { CampaignNews, Change, Digest, Operation, Problem, Violation } from "./digest.ts";
import { code, codeBlock, codeCell } from "./escape.ts";
import { shortened, type Section } from "./shorten.ts";
import { risks, type Risk } from "./stateful.ts";

/** Most characters of a digest: GitHub refuses comments above 65,536, and a workflow adds its mark. */
export const LIMIT = 65_000;

/** Most property paths on one line. */
const PATHS = 12;

/** Most characters of one message of the engine or of a policy. */
const MESSAGE = 1500;

/** Most characters of a name, a type or a path: a long one must not push others out. */
const NAME = 250;

const operations: readonly Operation[] = [
  "create",
  "import",
  "update",
  "update or replace",
  "replace",
  "delete",
];

/** How a digest is made, in words. */
const made = {
  engine: "Made by Pulumi's engine and the providers.",
  mocks:
    "Made by the program alone, without credentials and providers: what it declares, against what it declared before.",
};

/** The digest for people: what may be lost, how much changes, what changes, what policies say. */
export function markdown(digest: Digest): string {
  const head = [title(digest), made[digest.tier], ...digest.notes];
  if (!digest.complete) head.push("**It ended early: what is listed is not all.**");
  const before = section({ head: head.flatMap((text) => [text, ""]) });
  const after = section({ head: [`Fingerprint: ${code(digest.fingerprint)}`] });
  const [first, last, atRisk, errors, campaigns, policies, kinds, resources] = shortened(
    [
      before,
      after,
      risksSection(risks(digest.changes)),
      errorsSection(digest.errors),
      campaignsSection(digest.campaigns),
      policySection(digest),
      kindsSection(digest),
      resourcesSection(digest.changes),
    ],
    LIMIT,
  );
  const lines = [first, atRisk, errors, campaigns, kinds, resources, policies, last] as string[][];
  return `${lines.flat().join("\n")}\n`;
}

function title({ stack, about }: Digest): string {
  return `# ${about === "drift" ? "Drift" : "Preview"} of stack ${code(stack)}`;
}

function risksSection(found: readonly Risk[]): Section {
  if (found.length === 0) return section({});
  return section({
    head: ["## ⚠️ Data is at risk", ""],
    entries: found.map(
      ({ change, loss }) => `- **${verb(change)}** ${named(change)}: ${loss}; ${fate(change)}`,
    ),
    foot: [""],
    noun: "at risk",
  });
}

function verb({ op, losesProtection }: Change): string {
  return losesProtection && op === "update" ? "no longer protected" : op;
}

function fate({ op, isProtected, isRetained, losesProtection }: Change): string {
  if (losesProtection && op === "update") return "from now on it may go";
  if (isProtected && !losesProtection) return "it is protected: `up` refuses";
  if (op === "update or replace") return "only the provider knows whether it goes";
  return isRetained ? "it is kept, outside the stack" : "**it goes**";
}

function errorsSection(errors: readonly Problem[]): Section {
  return section({
    head: errors.length > 0 ? ["## Errors", ""] : [],
    entries: errors.map(({ message }) => codeBlock(cut(message, MESSAGE))),
    foot: errors.length > 0 ? [""] : [],
    noun: "errors",
  });
}

function campaignsSection(news: readonly CampaignNews[]): Section {
  if (news.length === 0) return section({});
  return section({
    head: ["## Campaigns", ""],
    entries: news.map(({ name, change, says }) => {
      const lines = says.map(({ about, before, after }) => {
        const was = change === "changed" && before ? `${code(cut(before, MESSAGE))} → ` : "";
        const becomes = change === "ended" ? before : after;
        return `  - ${about}: ${was}${becomes ? code(cut(becomes, MESSAGE)) : "nothing"}`;
      });
      const ended = change === "ended" ? ": what is due to people is dropped" : "";
      return [`- **${change}** ${code(name)}${ended}`, ...lines].join("\n");
    }),
    foot: [""],
    noun: "campaigns",
  });
}

function kindsSection({ changes, unchanged, about, complete }: Digest): Section {
  if (changes.length === 0 && !complete) {
    return section({ head: ["No change was seen before it ended.", ""] });
  }
  if (changes.length === 0) {
    const nothing = about === "drift" ? "Nothing was changed by hand" : "Nothing changes";
    return section({ head: [`${nothing}: ${unchanged} resources are as declared.`, ""] });
  }
  const used = operations.filter((op) => changes.some((change) => change.op === op));
  const types = [...new Set(changes.map(({ type }) => type))].sort();
  const row = (kind: string, among: readonly Change[]): string =>
    `| ${kind} | ${used.map((op) => among.filter((change) => change.op === op).length || "").join(" | ")} |`;
  return section({
    head: [`| Kind | ${used.join(" | ")} |`, `| --- |${used.map(() => " ---: |").join("")}`],
    entries: types.map((type) =>
      row(
        codeCell(cut(type, NAME)),
        changes.filter((change) => change.type === type),
      ),
    ),
    foot: ["", `In all: ${totals(used, changes)}, ${unchanged} unchanged.`, ""],
    noun: "kinds",
  });
}

function totals(used: readonly Operation[], changes: readonly Change[]): string {
  return used
    .map((op) => `${changes.filter((change) => change.op === op).length} ${op}`)
    .join(", ");
}

function resourcesSection(changes: readonly Change[]): Section {
  if (changes.length === 0) return section({});
  return section({
    head: ["## Resources", ""],
    entries: changes.map((change) => `- **${change.op}** ${named(change)}${paths(change)}`),
    foot: [""],
    noun: "resources",
  });
}

function paths({ paths: all, replacedBy }: Change): string {
  if (all.length === 0) return "";
  const shown = all
    .slice(0, PATHS)
    .map((path) => `${code(cut(path, NAME))}${replacedBy.includes(path) ? " (replaces)" : ""}`);
  const rest = all.length - shown.length;
  return `: ${shown.join(", ")}${rest > 0 ? `, and ${rest} more` : ""}`;
}

function policySection({ violations, policyPacks }: Digest): Section {
  const packs = Object.keys(policyPacks).sort();
  if (packs.length === 0) return section({});
  const verdict =
    violations.length === 0 ? "Nothing was found." : `Violations: ${violations.length}.`;
  return section({
    head: ["## Policies", "", `Looked at by ${packs.map(code).join(", ")}. ${verdict}`, ""],
    entries: violations.map(violation),
    foot: violations.length > 0 ? [""] : [],
    noun: "violations",
  });
}

function violation({ policy, level, urn, message }: Violation): string {
  const where = urn ? ` on ${code(cut(urn.split("::").slice(2).join("::"), NAME))}` : "";
  return `- **${level}** ${code(policy)}${where}\n\n${codeBlock(cut(message, MESSAGE))}\n`;
}

function named({ type, name }: Change): string {
  return `${code(cut(type, NAME))} ${code(cut(name, NAME))}`;
}

function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most)}…` : text;
}

function section(parts: Partial<Section>): Section {
  return { head: [], entries: [], foot: [], noun: "", ...parts };
}
