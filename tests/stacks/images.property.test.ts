import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { canonicalJson } from "../../stacks/canonical-json.ts";
import { sourceContext } from "../../stacks/images.ts";
import { inEmptyFolder } from "./in-empty-folder.ts";

inEmptyFolder();

/** What lies at a path of a build's folder. */
type Entry =
  | { readonly kind: "file"; readonly mode: number; readonly content: string }
  | { readonly kind: "link"; readonly target: string }
  | { readonly kind: "folder"; readonly mode: number };

/** A folder, as entries by path, and how it is built. */
interface Build {
  readonly entries: Readonly<Record<string, Entry>>;
  readonly baseImage: string;
  readonly hostNetwork: boolean;
}

const mode = fc.constantFrom(0o644, 0o755, 0o600, 0o640);
// Names and contents that run into each other unless the digest keeps them apart.
const content = fc.constantFrom("", "a", "b", "ab", "a\n", "\n", '["a","file",420,1]\na');
const entry: fc.Arbitrary<Entry> = fc.oneof(
  fc.record({ kind: fc.constant("file" as const), mode, content }),
  fc.record({ kind: fc.constant("link" as const), target: fc.constantFrom("a", "b", "../a") }),
  fc.record({ kind: fc.constant("folder" as const), mode: fc.constantFrom(0o755, 0o700) }),
);
const path = fc.constantFrom("a", "b", "ab", "a b", "src/a", "src/b", "src/a\nb", "Dockerfile.old");
const build: fc.Arbitrary<Build> = fc.record({
  entries: fc.dictionary(path, entry, { maxKeys: 5, noNullPrototype: true }),
  baseImage: fc.constantFrom("node@sha256:1", "node@sha256:2", "node@sha256:1\n"),
  hostNetwork: fc.boolean(),
});

/** A build and the same with nothing, one part or everything changed. */
const twoBuilds = build.chain((first) =>
  fc.tuple(
    fc.constant(first),
    fc.oneof(
      fc.constant(first),
      build,
      fc
        .tuple(path, entry)
        .map(([at, what]) => ({ ...first, entries: { ...first.entries, [at]: what } })),
      fc.boolean().map((hostNetwork) => ({ ...first, hostNetwork })),
      build.map(({ baseImage }) => ({ ...first, baseImage })),
    ),
  ),
);

function digestOf({ entries, ...args }: Build): string {
  rmSync("services", { recursive: true, force: true });
  mkdirSync("services/shop/src", { recursive: true });
  writeFileSync("services/shop/Dockerfile", "FROM scratch\nCOPY . .\n");
  writeFileSync("services/shop/.dockerignore", "dist\n");
  for (const [name, what] of Object.entries(entries)) {
    const at = join("services/shop", name);
    mkdirSync(dirname(at), { recursive: true });
    if (what.kind === "link") symlinkSync(what.target, at);
    else if (what.kind === "file") writeFileSync(at, what.content);
    else mkdirSync(at);
    if (what.kind !== "link") chmodSync(at, what.mode);
  }
  return sourceContext("shop", args).inputsDigest;
}

test("the digest of two builds is the same exactly where all that they read is the same", () => {
  fc.assert(
    fc.property(twoBuilds, ([one, other]) => {
      expect(digestOf(one) === digestOf(other)).toBe(canonicalJson(one) === canonicalJson(other));
    }),
    { numRuns: 400 },
  );
});
