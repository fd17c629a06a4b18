/** What a comment may have of a digest, in characters: GitHub takes 65,536 in all. */
const MOST = 60_000;

/** Breaks a word that a code host would act upon, invisibly. */
const BREAK = "\u200b";

/** The run that a comment tells of. */
export interface ReportedRun {
  readonly commit: string;
  /** Address of the run's page. */
  readonly url: string;
  /** Whether the code that ran was written by somebody who may push to the repository. */
  readonly trusted: boolean;
}

/**
 * What the comment called `name` says: which commit and run, and what the run left.
 *
 * @param left Markdown that the run left; undefined if it left none.
 */
export function commentText(name: string, run: ReportedRun, left: string | undefined): string {
  const { text, cut } = shortened((run.trusted ? shown : defused)(left ?? ""));
  const notes = [`Commit \`${run.commit.slice(0, 12)}\`, [its run](${run.url}).`];
  if (left === undefined) {
    notes.push("The run left nothing to show: its log says why. What was here before is outdated.");
  }
  if (!run.trusted) {
    notes.push(
      "**Unverified:** what follows was printed by this change's own code, without credentials. It is a help to read the change, and proves nothing.",
    );
  }
  if (cut) notes.push(`Cut after ${MOST} characters; the run keeps the whole as its artifact.`);
  const quoted = notes.map((note) => `> ${note}`).join("\n>\n");
  return `## ${name}\n\n${quoted}\n\n${text}`;
}

/**
 * Markdown of somebody who may be hostile, such that it is text and tables only: it mentions nobody, links nowhere, loads
 * nothing, closes no issue, hides nothing and commands nothing.
 */
export function defused(markdown: string): string {
  return shown(markdown)
    .replace(/&(?=[#\w])/g, "&amp;")
    .replace(/<(?!\/?(details|summary)>)/g, "&lt;")
    .replace(/@(?=[\w-])/g, `@${BREAK}`)
    .replace(/#(?=\d)/g, `#${BREAK}`)
    .replace(/\b(gh)-(?=\d)/gi, `$1-${BREAK}`)
    .replace(/\](?=[([:])/g, `]${BREAK}`)
    .replace(/:\/\//g, `:${BREAK}//`)
    .replace(/www\./gi, `www${BREAK}.`);
}

/** Without what is not seen, and without lines that GitLab takes for commands. */
function shown(markdown: string): string {
  return (
    markdown
      .replace(/\r\n?/g, "\n")
      // eslint-disable-next-line no-control-regex
      .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, "")
      .replace(/[\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g, "")
      .replace(/^(\s*)\//gm, "$1\\/")
  );
}

/** At most {@link MOST} characters of `text`, whole lines where it has them. */
function shortened(text: string): { text: string; cut: boolean } {
  if (text.length <= MOST) return { text, cut: false };
  const end = text.lastIndexOf("\n", MOST);
  return { text: text.slice(0, end > 0 ? end : MOST), cut: true };
}
