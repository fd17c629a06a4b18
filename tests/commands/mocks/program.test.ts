import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { registeredBy } from "../../../commands/mocks/program.ts";
import type { Registered } from "../../../commands/mocks/registered.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "program-"));
  mkdirSync(join(folder, "stacks"));
  symlinkSync(resolve("node_modules"), join(folder, "node_modules"));
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  writeFileSync(join(folder, "Pulumi.yaml"), "name: marketing-stack\nconfig: {}\n");
  writeFileSync(
    join(folder, "Pulumi.dev.yaml"),
    "config:\n  marketing-stack:key: { secure: v1:abc }\n",
  );
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function program(text: string): Promise<Registered[]> {
  const imports =
    'import * as pulumi from "@pulumi/pulumi";\nimport * as random from "@pulumi/random";\n';
  writeFileSync(join(folder, "stacks", "index.ts"), imports + text);
  return registeredBy({ folder, stack: "dev", machine: "stand-in" });
}

test("resources have the URNs that the engine gives them, their protection and their aliases", async () => {
  const registered = await program(`
class Part extends pulumi.ComponentResource {
  constructor(name: string, opts?: pulumi.ComponentResourceOptions) {
    super("marketing-stack:infra:Part", name, {}, opts);
  }
}
const parent = new Part("outer", { aliases: [{ name: "former" }] });
const child = new Part("inner", { parent });
new random.RandomPassword("key", { length: 8 }, { parent: child, protect: true, retainOnDelete: true });
`);
  const root = "urn:pulumi:dev::marketing-stack::";
  const part = "marketing-stack:infra:Part";
  expect(registered.map(({ urn }) => urn)).toEqual([
    `${root}${part}$${part}$random:index/randomPassword:RandomPassword::key`,
    `${root}${part}$${part}::inner`,
    `${root}${part}::outer`,
  ]);
  expect(registered[0]).toMatchObject({
    isResource: true,
    isProtected: true,
    isRetained: true,
    inputs: { length: 8 },
  });
  expect(registered[2]).toMatchObject({ isResource: false, aliases: [`${root}${part}::former`] });
}, 60_000);

test("the program gets nothing of the environment, and a stand-in for each secret", async () => {
  process.env.CANARY_TOKEN = "canary";
  try {
    const registered = await program(`
new random.RandomPassword("key", {
  length: 8,
  keepers: {
    environment: Object.keys(process.env).sort().join(" "),
    key: new pulumi.Config("marketing-stack").require("key"),
  },
});
`);
    expect(registered.find(({ name }) => name === "key")!.inputs.keepers).toEqual({
      environment: expect.not.stringMatching(/CANARY|PULUMI_CONFIG_PASSPHRASE|BACKEND/),
      key: "https://secret.invalid/",
    });
  } finally {
    delete process.env.CANARY_TOKEN;
  }
}, 60_000);

test("fails with what the program said", async () => {
  await expect(program('throw new Error("portBase must be a number");')).rejects.toThrow(
    /the program ended with status 1: [^]*portBase must be a number/,
  );
}, 60_000);

test("fails on two resources of one URN, which mocks alone accept", async () => {
  const twice = 'new random.RandomPassword("key", { length: 8 });'.repeat(2);
  await expect(program(twice)).rejects.toThrow(
    /must register each resource once, got .*::key twice/,
  );
}, 60_000);
