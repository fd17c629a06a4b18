import "./scratch.ts";
import { readFileSync, statSync } from "node:fs";
import type { PluginKind } from "../../../local/toolchain/plugin-kind.ts";
import { provenancePath, recordProvenance } from "../../../local/toolchain/provenance.ts";
import type { Tier, Toolchain } from "../../../local/toolchain/toolchain.ts";

function toolchain(kind: PluginKind, tier: Tier): Toolchain {
  const plugin = { version: "1.0.0", tier, kind, path: `/plugins/${kind}` };
  return {
    bin: "/bin",
    pulumiHome: "/home",
    tools: { "pulumi-resource-docker": plugin, "pulumi-resource-gcp": plugin },
  };
}

test("what made a stack lies beside it, for its owner only", () => {
  recordProvenance("one", toolchain("bridged", "built"));
  expect(JSON.parse(readFileSync(provenancePath("one"), "utf8"))).toEqual({
    version: 1,
    plugins: {
      "pulumi-resource-docker": { kind: "bridged", tier: "built" },
      "pulumi-resource-gcp": { kind: "bridged", tier: "built" },
    },
  });
  expect(statSync(provenancePath("one")).mode & 0o777).toBe(0o600);
});

test("a build of ours may come from elsewhere the next time", () => {
  recordProvenance("two", toolchain("bridged", "built"));
  recordProvenance("two", toolchain("bridged", "mirror"));
  expect(readFileSync(provenancePath("two"), "utf8")).toContain('"tier": "mirror"');
});

test.each([
  ["bridged", "published", "remove that one from the plugin cache"],
  ["published", "bridged", 'install the published one again with "pulumi plugin install"'],
] as const)("fails when a %s plugin is followed by a %s one", (former, latter, remedy) => {
  const stack = `was-${former}`;
  recordProvenance(stack, toolchain(former, "machine"));
  expect(() => recordProvenance(stack, toolchain(latter, "machine"))).toThrow(
    `pulumi-resource-docker of stack ${stack} must be the ${former} build, which made its state, got the ${latter} one (/plugins/${latter}); ${remedy}`,
  );
  expect(readFileSync(provenancePath(stack), "utf8")).toContain(`"kind": "${former}"`);
});
