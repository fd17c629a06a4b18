import { scratch } from "./scratch.ts";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";
import { dev } from "../../../stacks/dev.ts";
import { registrationsOf, type Registration } from "../../mocks.ts";
import { registrationDrift } from "./registration-drift.ts";

/** Answers of a platform that is not there: the program only passes them on. */
function writePlatform(): void {
  const folder = join(scratch, "state", "marketing-stack");
  const kubeconfig = join(scratch, "kubeconfig");
  mkdirSync(folder, { recursive: true });
  writeFileSync(kubeconfig, "clusters: []\ncontexts: []\nusers: []\n");
  const platform = {
    kubeconfig,
    registry: "127.0.0.1:17003",
    dockerHost: "unix:///run/docker.sock",
    baseImages: { node: "node", postgres: "postgres" },
    monitoring: "http://127.0.0.1:17004/",
  };
  writeFileSync(join(folder, "platform.json"), JSON.stringify(platform));
}

function setDefaults(): void {
  const { config } = parse(readFileSync("Pulumi.yaml", "utf8")) as {
    config: Record<string, { default: unknown }>;
  };
  for (const [key, { default: value }] of Object.entries(config)) {
    const text = typeof value === "string" ? value : JSON.stringify(value);
    pulumi.runtime.setConfig(`marketing-stack:${key}`, text);
  }
}

let registrations: Registration[];
beforeAll(async () => {
  writePlatform();
  setDefaults();
  registrations = await registrationsOf(dev);
}, 60_000);

test("the program uses both providers", () => {
  const tokens = new Set(
    registrations
      .map(({ path }) => path)
      .filter(isWatched)
      .map(tokenOf),
  );
  expect([...tokens].sort()).toEqual([
    "docker:index/registryImage:RegistryImage",
    "docker:index/remoteImage:RemoteImage",
    "gcp:monitoring/alertPolicy:AlertPolicy",
    "gcp:monitoring/notificationChannel:NotificationChannel",
    "pulumi:providers:docker",
    "pulumi:providers:gcp",
  ]);
});

test("every input that the program passes to the docker and gcp providers is one of both builds", () => {
  expect(registrationDrift(registrations)).toEqual([]);
});

test("an input that is misspelt anywhere in the program is found", () => {
  const unnoticed: string[] = [];
  for (const { path, inputs } of registrations.filter(({ path }) => isWatched(path))) {
    for (const [name, value] of Object.entries(inputs)) {
      const misspelt = { ...inputs, [`${name}X`]: value };
      if (registrationDrift([{ path, inputs: misspelt }]).length !== 2) {
        unnoticed.push(`${path}.${name}`);
      }
    }
  }
  expect(unnoticed).toEqual([]);
});

/** Type token of the resource at a path. */
function tokenOf(path: string): string {
  return path.split("::")[0]!.split("$").pop()!;
}

function isWatched(path: string): boolean {
  return /^(pulumi:providers:)?(docker|gcp)\b/.test(tokenOf(path));
}
