import { readFileSync } from "node:fs";
import { requireFindable } from "../../../commands/engine/interrupted.ts";
import type { PendingOperation } from "../../../commands/engine/state.ts";

const creating = (type: string): PendingOperation => ({
  type: "creating",
  resource: { urn: `urn:pulumi:dev::marketing-stack::${type}::one`, type },
});

/** Types of all that a stack registers. */
const typesOf = (stack: string): string[] => {
  const golden = readFileSync(`tests/stacks/${stack}.golden.json`, "utf8");
  const registered = JSON.parse(golden) as { path: string }[];
  return registered.map(({ path }) => path.split("::")[0]!.split("$").pop()!);
};

const types = [...new Set([...typesOf("dev"), ...typesOf("prod")])];

test("whatever Cloud Monitoring was creating for a stack is found by its labels", () => {
  const monitored = types.filter((type) => type.startsWith("gcp:monitoring/"));
  expect(monitored.length).toBeGreaterThan(0);
  expect(() => requireFindable("dev", monitored.map(creating))).not.toThrow();
});

test("fails on what nobody finds by itself in Google Cloud, and says how it is given back", () => {
  expect(() => requireFindable("prod", [creating("gcp:sql/user:User")])).toThrow(
    "stack prod was being created when the engine was killed: gcp:sql/user:User; look at Google Cloud whether it is there",
  );
});
