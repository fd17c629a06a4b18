import { join } from "node:path";
import { dataProtection } from "../../policy/rules/data-protection.ts";
import { stacks } from "../policy/case.ts";
import { expectGolden } from "../golden.ts";
import { plainStrings, type Registration } from "../mocks.ts";
import type { Release } from "../../stacks/releases.ts";
import { registrationsOfProd, release } from "./prod-program.ts";
import { settled } from "./settled.ts";

/** Everything of prod that holds data. */
const KEPT = [
  "gcp:artifactregistry/repository:Repository::images",
  "gcp:bigquery/dataset:Dataset::event-stream",
  "gcp:bigquery/table:Table::event-stream",
  "gcp:bigquery/table:Table::event-stream-once",
  "gcp:container/cluster:Cluster::cluster",
  "gcp:dns/managedZone:ManagedZone::edge",
  "gcp:kms/cryptoKey:CryptoKey::cluster-secrets",
  "gcp:kms/keyRing:KeyRing::cluster-secrets",
  "gcp:pubsub/subscription:Subscription::event-stream-bigquery",
  "gcp:pubsub/subscription:Subscription::event-stream-dead-letter",
  "gcp:pubsub/topic:Topic::event-stream",
  "gcp:pubsub/topic:Topic::event-stream-dead-letter",
  "gcp:secretmanager/secret:Secret::secrets-cms-admin-password",
  "gcp:secretmanager/secret:Secret::secrets-write-keys",
  "gcp:sql/databaseInstance:DatabaseInstance::database",
  "gcp:storage/bucket:Bucket::backups",
  "gcp:storage/bucket:Bucket::media",
  "kubernetes:core/v1:Namespace::prod",
];

let registrations: Registration[];
/** What the engine refuses to delete and leaves where it is, as `<type>::<name>`. */
const kept: string[] = [];
beforeAll(async () => {
  registrations = await registrationsOfProd(release, undefined, (request) => {
    if (request.getProtect() && request.getRetainondelete()) {
      kept.push(`${request.getType()}::${request.getName()}`);
    }
  });
}, 60_000);

test("registers what the golden lists", () => {
  expectGolden(
    join(import.meta.dirname, "prod.golden.json"),
    `${JSON.stringify(registrations.map(settled), null, 2)}\n`,
  );
});

test("every resource but the providers belongs to a component", () => {
  const orphans = registrations
    .map(({ path }) => path)
    .filter((path) => !path.includes("$") && !path.startsWith("marketing-stack:infra:"));
  expect(orphans).toEqual(["pulumi:providers:gcp::gcp", "pulumi:providers:kubernetes::kubernetes"]);
});

test("before anything was promoted, there is the platform and no service", async () => {
  const paths = (await registrationsOfProd(undefined)).map(({ path }) => path);
  expect(paths.filter((path) => path.includes("kubernetes:"))).toEqual([
    "pulumi:providers:kubernetes::kubernetes",
  ]);
  expect(paths.some((path) => path.endsWith("Repository::images"))).toBe(true);
});

test("nothing is built, and every image is the release's, by digest", () => {
  expect(registrations.filter(({ path }) => path.includes("docker:"))).toEqual([]);
  const images = plainStrings(registrations).filter((text) => /\.pkg\.dev\/.+@/.test(text));
  const registry = "europe-west1-docker.pkg.dev/example-marketing-prod/images";
  expect([...new Set(images)].sort()).toEqual(
    Object.values(release.images)
      .map((image) => `${registry}/${image}`)
      .sort(),
  );
});

test("no generated secret is in a plain input", () => {
  expect(plainStrings(registrations).filter((text) => text.includes("generated-"))).toEqual([]);
});

test("the database has no public address and takes encrypted connections only", () => {
  const [database] = ofType("gcp:sql/databaseInstance:DatabaseInstance");
  expect(database).toMatchObject({
    deletionProtection: true,
    settings: {
      availabilityType: "REGIONAL",
      deletionProtectionEnabled: true,
      backupConfiguration: { enabled: true, pointInTimeRecoveryEnabled: true },
      ipConfiguration: { ipv4Enabled: false, sslMode: "ENCRYPTED_ONLY" },
    },
  });
});

test("everything that holds data is protected, and stays where it is when the stack goes", () => {
  const { check } = dataProtection;
  const holding = registrations
    .map(({ path, inputs }) => ({ last: path.split("$").at(-1)!, props: inputs }))
    .filter(({ last, props }) => {
      const type = last.split("::")[0]!;
      return check({ type, props, isProtected: false }, stacks.prod).length > 0;
    })
    .map(({ last }) => last);
  expect(kept.sort()).toEqual(holding.sort());
  expect(kept).toEqual(KEPT);
});

test("no role is basic, and nobody unknown has one", () => {
  const grants = registrations.filter(({ inputs }) => "role" in inputs && "member" in inputs);
  expect(grants.length).toBeGreaterThan(5);
  for (const { inputs } of grants) {
    expect(inputs.role).not.toMatch(/\*|^roles\/(owner|editor|viewer)$|[aA]dmin$/);
    expect(inputs.member).toMatch(/^serviceAccount:/);
  }
});

test("uploaded files lie in a bucket that the CMS alone may write to", () => {
  const [{ values }] = ofType("kubernetes:helm.sh/v4:Chart").filter(
    ({ chart }) => chart === "./charts/cms",
  ) as [{ values: object }];
  expect(values).toMatchObject({ mediaBucket: "example-marketing-prod-media" });
  expect(ofType("gcp:storage/bucketIAMMember:BucketIAMMember")).toEqual([
    {
      bucket: "example-marketing-prod-media",
      role: "roles/storage.objectUser",
      member: expect.stringMatching(/^serviceAccount:marketing-cms@/),
    },
  ]);
});

test("the cluster has private nodes and encrypts its Secrets", () => {
  const [cluster] = ofType("gcp:container/cluster:Cluster");
  expect(cluster).toMatchObject({
    enableAutopilot: true,
    deletionProtection: true,
    datapathProvider: "ADVANCED_DATAPATH",
    privateClusterConfig: { enablePrivateNodes: true },
    databaseEncryption: { state: "ENCRYPTED" },
    monitoringConfig: { managedPrometheus: { enabled: true } },
  });
});

test("no service is reached but through the gateway", () => {
  const charts = ofType("kubernetes:helm.sh/v4:Chart");
  expect(charts.map(({ values }) => (values as { nodePort: unknown }).nodePort)).toEqual([
    null,
    null,
    null,
  ]);
});

function ofType(type: string): Record<string, unknown>[] {
  return registrations
    .filter(({ path }) => path.split("$").at(-1)!.split("::")[0] === type)
    .map(({ inputs }) => inputs);
}

test("in a step of a roll-out a part of the collectors and workers runs the release, and nothing else does", async () => {
  const from: Release = {
    ...release,
    images: Object.fromEntries(
      Object.entries(release.images).map(([name, image]) => [name, image.replace(/.$/, "9")]),
    ) as Release["images"],
  };
  const stepped = await registrationsOfProd(release, { step: "half", from });
  const values = (chart: string): Record<string, unknown> =>
    stepped.find(({ path }) => path.endsWith(`helm.sh/v4:Chart::${chart}`))!.inputs.values as never;
  const registry = "europe-west1-docker.pkg.dev/example-marketing-prod/images";
  expect(values("collector")).toMatchObject({
    image: `${registry}/${release.images.collector}`,
    replicas: 3,
    partition: 1,
  });
  expect(values("worker")).toMatchObject({
    image: `${registry}/${from.images.worker}`,
    replicas: 1,
    canary: { image: `${registry}/${release.images.worker}`, replicas: 1 },
  });
  expect(values("cms")).toMatchObject({ image: `${registry}/${from.images.cms}` });
});

test("in a step of a roll-out that changes no image of theirs, collectors and workers stay whole", async () => {
  const stepped = await registrationsOfProd(release, { step: "half", from: release });
  const values = (chart: string): Record<string, unknown> =>
    stepped.find(({ path }) => path.endsWith(`helm.sh/v4:Chart::${chart}`))!.inputs.values as never;
  expect(values("collector")).toMatchObject({ replicas: 3, partition: 0 });
  expect([values("worker").replicas, values("worker").canary]).toEqual([2, undefined]);
});
