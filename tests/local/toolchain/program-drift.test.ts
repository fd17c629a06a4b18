import { type Registration } from "../../mocks.ts";
import { registrationsOfDev } from "../../stacks/dev-program.ts";
import { registrationsOfProd, release } from "../../stacks/prod-program.ts";
import { registrationDrift } from "./registration-drift.ts";

let registrations: Registration[];
beforeAll(async () => {
  registrations = await registrationsOfDev();
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
    "gcp:monitoring/customService:CustomService",
    "gcp:monitoring/dashboard:Dashboard",
    "gcp:monitoring/notificationChannel:NotificationChannel",
    "gcp:monitoring/slo:Slo",
    "gcp:monitoring/uptimeCheckConfig:UptimeCheckConfig",
    "pulumi:providers:docker",
    "pulumi:providers:gcp",
  ]);
});

test("every input that the program passes to the docker and gcp providers is one of both builds", () => {
  expect(registrationDrift(registrations)).toEqual([]);
});

test("so is every input that prod passes for Google Cloud", async () => {
  expect(registrationDrift(await registrationsOfProd(release))).toEqual([]);
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
