import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readConfig } from "../../../stacks/config.ts";
import { localPlatform } from "../../../stacks/platforms/local.ts";
import type { BuildingPlatform } from "../../../stacks/platforms/platform.ts";
import { registrationsOf, secret } from "../../mocks.ts";
import { configure } from "../dev-program.ts";

const KUBECONFIG = "clusters: []\ncontexts: []\nusers: []\n";
const former = process.env.XDG_STATE_HOME;
let state: string;
beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), "platform-"));
  process.env.XDG_STATE_HOME = state;
  mkdirSync(join(state, "marketing-stack"));
  writeFileSync(join(state, "kubeconfig"), KUBECONFIG);
});
afterEach(() => {
  if (former === undefined) delete process.env.XDG_STATE_HOME;
  else process.env.XDG_STATE_HOME = former;
  rmSync(state, { recursive: true, force: true });
});

/** What `npm run up` leaves. */
function writePlatform(): void {
  const platform = {
    kubeconfig: join(state, "kubeconfig"),
    nodeAddress: "192.0.2.10",
    registry: "127.0.0.1:17003",
    dockerHost: "unix:///run/docker.sock",
    baseImages: { node: "local/node", postgres: "local/postgres" },
    monitoring: "http://127.0.0.1:17004/",
  };
  writeFileSync(join(state, "marketing-stack", "platform.json"), JSON.stringify(platform));
}

/** The platform of a configuration, and the inputs of its providers by package. */
async function platformWith(config: Readonly<Record<string, unknown>> = {}) {
  configure(config);
  let platform: BuildingPlatform | undefined;
  const registrations = await registrationsOf(() => {
    platform = localPlatform(readConfig());
    platform.builder();
  });
  const inputs = registrations.map(({ path, inputs }) => [path.split("::")[1], inputs] as const);
  return { platform: platform!, providers: Object.fromEntries(inputs) };
}

test("the machine's own platform is what npm run up left", async () => {
  writePlatform();
  const { platform, providers } = await platformWith();
  expect(platform).toMatchObject({
    registry: "127.0.0.1:17003",
    nodeImage: "local/node",
    postgresImage: "local/postgres",
    monitoring: "http://127.0.0.1:17004",
    outsiders: { visitors: [{ cidr: "192.0.2.10/32" }] },
  });
  expect(providers.kubernetes).toEqual({
    enableSecretMutable: "true",
    kubeconfig: secret(KUBECONFIG),
  });
  expect(providers.docker).toEqual({
    host: "unix:///run/docker.sock",
    registryAuth: '[{"address":"http://127.0.0.1:17003","authDisabled":true}]',
  });
});

test("a cluster of the user's own has its kubeconfig, registry and official images", async () => {
  writePlatform();
  const own = join(state, "own");
  writeFileSync(own, `${KUBECONFIG}# own\n`);
  const { platform, providers } = await platformWith({
    platform: "kubeconfig",
    kubeconfig: own,
    registry: "registry.example.com/team",
  });
  expect(platform).toMatchObject({
    registry: "registry.example.com/team",
    nodeImage: "node:24-bookworm-slim",
    postgresImage: "postgres:15-bookworm",
    outsiders: { visitors: [{ cidr: "0.0.0.0/0" }] },
  });
  expect(providers.kubernetes).toEqual({
    enableSecretMutable: "true",
    kubeconfig: secret(`${KUBECONFIG}# own\n`),
  });
});

test("fails where the platform was never started, with the command that starts it", async () => {
  await expect(platformWith()).rejects.toThrow(
    `the platform of this machine must be running, found no ${join(state, "marketing-stack", "platform.json")}; run npm run up`,
  );
});

test.each([
  ["no file", undefined, "no file at"],
  ["no YAML", "this is: [not a kubeconfig", "something that is no YAML at"],
  ["an empty file", "", "none of them at"],
  ["another file", "kind: Pod\n", "none of them at"],
])("fails on a kubeconfig that is %s, naming its path", async (_what, text, found) => {
  writePlatform();
  const own = join(state, "own");
  if (text !== undefined) writeFileSync(own, text);
  await expect(
    platformWith({ platform: "kubeconfig", kubeconfig: own, registry: "registry.example.com" }),
  ).rejects.toThrow(
    `kubeconfig must be a file with clusters, contexts and users, got ${found} ${own}; check marketing-stack:kubeconfig`,
  );
});
