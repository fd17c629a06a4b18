import { LineCounter, parseDocument, type Document } from "yaml";
import { mistakeText, type Path } from "./mistake.ts";
import { ruleMistakes } from "./rules.ts";
import type { SchemaNode } from "./schema.ts";
import { shapeMistakes } from "./shape.ts";

/** A campaign's file, read: what it holds, and all that is wrong with it. */
export interface CampaignFile {
  readonly spec: unknown;
  /** `<file>:<line>: <field> must <rule>, got <value>; <remedy>`; empty if the API server will take it. */
  readonly problems: readonly string[];
  /** Where the value at a path is, or what should hold it: `<file>:<line>`. */
  readonly placeOf: (path: Path) => string;
}

const NAME = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/** Reads the text of a campaign's file and checks it against the one schema of campaigns. */
export function readCampaign(path: string, text: string, schema: SchemaNode): CampaignFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const notYaml = (message: string): string =>
    `${path} must be YAML, got: ${message.split("\n")[0]!.replace(/:$/, "")}`;
  const placeOf = (at: Path): string => `${path}:${lineOf(document, lines, at)}`;
  if (document.errors.length > 0) {
    const problems = document.errors.map(({ message }) => notYaml(message));
    return { spec: undefined, problems, placeOf };
  }
  let spec: unknown;
  try {
    spec = document.toJS();
  } catch (error) {
    // Aliases that would grow without bound.
    return { spec: undefined, problems: [notYaml((error as Error).message)], placeOf };
  }
  const shape = shapeMistakes(schema, spec);
  const broken = shape.map((mistake) => mistake.path);
  const mistakes = [...shape, ...ruleMistakes(schema, spec, broken)];
  const problems = mistakes
    .map((mistake) => ({ line: lineOf(document, lines, mistake.path), mistake }))
    .sort((a, b) => a.line - b.line)
    .map(({ line, mistake }) => `${path}:${line}: ${mistakeText(mistake)}`);
  return { spec, problems: [...nameProblems(path), ...problems], placeOf };
}

/** The file's name is the campaign's. */
export function campaignName(path: string): string {
  return path.replace(/^.*\//, "").replace(/\.yaml$/, "");
}

function nameProblems(path: string): string[] {
  const name = campaignName(path);
  if (NAME.test(name) && name.length <= 63) return [];
  return [
    `${path}: the file's name must be lower-case words joined by hyphens, up to 63 characters, got ${JSON.stringify(name)}; the campaign is called by it`,
  ];
}

/** Line of a value, or of what should hold it. */
function lineOf(document: Document, lines: LineCounter, path: Path): number {
  for (let length = path.length; length > 0; length--) {
    const line = lineAt(document, lines, path.slice(0, length));
    if (line !== undefined) return line;
  }
  return 1;
}

function lineAt(document: Document, lines: LineCounter, path: Path): number | undefined {
  const node = document.getIn(path, true) as { range?: [number, number, number] } | undefined;
  return node?.range && lines.linePos(node.range[0]).line;
}
