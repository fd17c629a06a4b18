import { join } from "node:path";
import fc from "fast-check";
import type { Digest } from "../../../commands/digest/digest.ts";
import { LIMIT, markdown } from "../../../commands/digest/markdown.ts";
import { risks } from "../../../commands/digest/stateful.ts";
import { expectGolden } from "../../golden.ts";
import { anyChanges, anyText, change, digest } from "./digests.ts";

const database = change({
  type: "kubernetes:apps/v1:StatefulSet",
  name: "database",
  op: "replace",
  paths: ["spec.template", "spec.volumeClaimTemplates"],
  replacedBy: ["spec.volumeClaimTemplates"],
});
const examples: Record<string, Digest> = {
  unchanged: digest([]),
  "no-drift": digest([], { about: "drift" }),
  drift: digest([change({ paths: ["spec.replicas"] })], { about: "drift" }),
  mocks: digest(
    [
      change({
        type: "gcp:sql/databaseInstance:DatabaseInstance",
        op: "update or replace",
        paths: ["region"],
      }),
    ],
    { tier: "mocks", notes: ["Compared with commit 0123456789ab."] },
  ),
  risks: digest(
    [
      change({ op: "create", name: "new" }),
      change({ paths: Array.from({ length: 14 }, (_, index) => `spec.path${index}`) }),
      database,
      change({
        type: "gcp:sql/databaseInstance:DatabaseInstance",
        name: "protected",
        op: "delete",
        isProtected: true,
      }),
      change({
        type: "gcp:storage/bucket:Bucket",
        name: "retained",
        op: "delete",
        isRetained: true,
      }),
      change({
        type: "gcp:kms/cryptoKey:CryptoKey",
        name: "open",
        paths: ["(protection)"],
        losesProtection: true,
      }),
    ],
    {
      policyPacks: { "marketing-stack": "" },
      violations: [
        { policy: "pod-security", level: "mandatory", urn: database.urn, message: "runs as root" },
        { policy: "labels", level: "advisory", urn: null, message: "no owner\nno team" },
      ],
    },
  ),
  failed: digest([change({ op: "create" })], {
    complete: false,
    policyPacks: { "marketing-stack": "" },
    errors: [{ urn: null, message: 'marketing-stack:portBase must be a whole number\ngot "x"' }],
  }),
  "failed-at-once": digest([], {
    complete: false,
    errors: [{ urn: null, message: "no stack named 'dev' found" }],
  }),
  hostile: digest([
    change({
      name: "@everyone <img src=x> `](javascript:alert(1)) | \u202e\n# done",
      paths: ["a`b"],
    }),
  ]),
};

test.each(Object.entries(examples))("the digest of %s is its golden", (name, example) => {
  expectGolden(join(import.meta.dirname, "goldens", `${name}.md`), markdown(example));
});

test("what may be lost stands before the summary, and that before the resources", () => {
  const text = markdown(examples.risks!);
  const places = ["# Preview", "Data is at risk", "| Kind |", "## Resources", "## Policies"];
  const found = places.map((place) => text.indexOf(place));
  expect(found).not.toContain(-1);
  expect(found).toEqual([...found].sort((a, b) => a - b));
});

test("a long digest keeps to the limit, its warnings and its violations, and counts the rest", () => {
  const many = Array.from({ length: 5000 }, (_, index) =>
    change({ name: `resource-${index}`, paths: ["spec"] }),
  );
  const text = markdown(
    digest([database, ...many], {
      policyPacks: { all: "" },
      violations: examples.risks!.violations,
    }),
  );
  expect(text.length).toBeLessThanOrEqual(LIMIT);
  expect(text).toContain("**replace** `kubernetes:apps/v1:StatefulSet` `database`");
  expect(text).toContain("runs as root");
  const shown = text.match(/`resource-\d+`/g)!.length;
  const rest = Number(/… and (\d+) more resources/.exec(text)![1]);
  expect(shown + rest).toBe(5000);
});

test("every stateful loss is named, whatever else is in the digest", () => {
  fc.assert(
    fc.property(anyChanges, fc.array(anyText, { maxLength: 5 }), (changes, messages) => {
      const errors = messages.map((message) => ({ urn: null, message }));
      const text = markdown(digest(changes, { errors }));
      expect(text.length).toBeLessThanOrEqual(LIMIT);
      const listed = text
        .split("\n")
        .filter((line) => line.startsWith("- **") && line.includes(": "));
      expect(listed.length).toBeGreaterThanOrEqual(risks(changes).length);
    }),
  );
});

test("no text from outside is markup: nothing of it stands outside code", () => {
  fc.assert(
    fc.property(anyChanges, fc.array(anyText, { maxLength: 5 }), (changes, messages) => {
      const errors = messages.map((message) => ({ urn: null, message }));
      const text = markdown(digest(changes, { errors }));
      const outside = text
        .replace(/^(`{3,})text\n[^]*?^\1$/gm, "")
        .replace(/(?<!`)(`+)(?!`)[^\n]*?(?<!`)\1(?!`)/g, "");
      expect(outside).not.toMatch(/[@<>]|javascript|`/);
    }),
  );
});
