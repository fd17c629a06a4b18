import { readdirSync, readFileSync } from "node:fs";
import { parse } from "yaml";
import { readConfig } from "../../stacks/config.ts";
import { programName } from "../../stacks/names.ts";
import { stackPorts } from "../../stacks/stack-ports.ts";
import { configure } from "./dev-program.ts";

const stacks = readdirSync(".")
  .map((file) => /^Pulumi\.([a-z0-9-]+)\.yaml$/.exec(file)?.[1])
  .filter((stack) => stack !== undefined)
  // Those come and go with tests and reviews, and are not committed.
  .filter((stack) => !/^(test|review|rehearsal)-/.test(stack));

/** Configuration of a stack's file by key, without the project's name; encrypted values are left out. */
function configOf(stack: string): Record<string, unknown> {
  const { config = {} } = parse(readFileSync(`Pulumi.${stack}.yaml`, "utf8")) as {
    config?: Record<string, unknown>;
  };
  return Object.fromEntries(
    Object.entries(config)
      .filter(([, value]) => !(typeof value === "object" && value !== null && "secure" in value))
      .map(([key, value]) => [key.replace(/^marketing-stack:/, ""), value]),
  );
}

test("dev, prod and rehearsal have a configuration", () => {
  expect(stacks).toEqual(expect.arrayContaining(["dev", "prod", "rehearsal"]));
});

test.each(stacks)("the configuration of %s is valid", (stack) => {
  expect(["dev", "prod"]).toContain(programName(stack));
  configure(configOf(stack));
  expect(() => readConfig()).not.toThrow();
});

test("prod protects its data", () => {
  configure(configOf("prod"));
  expect(readConfig().protectData).toBe(true);
});

test("no two stacks of one machine share a port", () => {
  const bases = stacks
    .map((stack) => Number(configOf(stack).portBase))
    .filter((base) => !Number.isNaN(base));
  const ports = bases.flatMap((base) => Object.values(stackPorts(base)));
  expect(ports).toHaveLength(new Set(ports).size);
});
