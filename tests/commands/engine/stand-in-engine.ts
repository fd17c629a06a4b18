import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** Answers of a stand-in for the Pulumi CLI, by the beginning of its arguments: what it prints, or how it fails. */
export type Answers = Readonly<Record<string, unknown>>;

/** An answer with which the command fails. */
export interface Failure {
  readonly fails: string;
}

/**
 * Writes a `pulumi` into a folder that gives the answers of `<folder>/answers.json`, which a test may change; `{}` where there
 * is none.
 *
 * @returns what gives it its answers.
 */
export function standInEngine(folder: string): (answers: Answers) => void {
  const path = join(folder, "answers.json");
  const script = `#!${process.execPath}
const args = process.argv.slice(2).join(" ");
const answers = JSON.parse(require("node:fs").readFileSync(${JSON.stringify(path)}, "utf8"));
const [, answer = {}] = Object.entries(answers).find(([begin]) => args.startsWith(begin)) ?? [];
if (answer.fails) {
  process.stderr.write(answer.fails + "\\n");
  process.exit(255);
}
process.stdout.write(JSON.stringify(answer));
`;
  writeFileSync(join(folder, "pulumi"), script, { mode: 0o755 });
  const give = (answers: Answers): void => writeFileSync(path, JSON.stringify(answers));
  give({});
  return give;
}
