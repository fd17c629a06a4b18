import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

/** One call of an npm script in a workflow. */
export interface ScriptCall {
  readonly file: string;
  readonly script: string;
  /** As the script gets them; variables of the shell keep their names. */
  readonly args: readonly string[];
}

const GITHUB = ".github/workflows";

/** Every call of an npm script in the workflows of all three systems. */
export function scriptCalls(): ScriptCall[] {
  const github = readdirSync(GITHUB).flatMap((name) => callsIn(join(GITHUB, name), textsOf));
  return [
    ...github,
    ...callsIn(".gitlab-ci.yml", textsOf),
    ...callsIn("Jenkinsfile", (text) =>
      [...text.matchAll(/\bsh '([^']*)'/g)].map(([, line]) => line!),
    ),
  ];
}

function callsIn(file: string, linesOf: (text: string) => string[]): ScriptCall[] {
  return linesOf(readFileSync(file, "utf8")).flatMap((line) => {
    const match = /^npm (?:run (?<script>[\w:-]+)|(?<test>test))(?: -- (?<args>.*))?$/.exec(line);
    if (!match) {
      if (/\bnpm\b/.test(line))
        throw new Error(`${file} must call one npm script a line, got ${line}`);
      return [];
    }
    const { script, test, args = "" } = match.groups!;
    const words = args.split(/\s+/).filter(Boolean);
    return [{ file, script: script ?? test!, args: words.map((word) => word.replaceAll('"', "")) }];
  });
}

/** Every text anywhere in a YAML file. */
function textsOf(text: string): string[] {
  const texts = (value: unknown): string[] => {
    if (typeof value === "string") return [value];
    return typeof value === "object" && value !== null ? Object.values(value).flatMap(texts) : [];
  };
  return texts(parse(text));
}
