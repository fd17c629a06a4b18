import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { Database } from "../../infra/database.ts";
import { DatabaseSchema } from "../../infra/database-schema.ts";
import { flows, stackPods } from "../../infra/flows.ts";
import { registrationsOf } from "../mocks.ts";

/** A pod as a chart or a component makes it. */
interface PodTemplate {
  readonly metadata: { readonly labels: Readonly<Record<string, string>> };
  readonly spec: {
    readonly containers: readonly { readonly ports?: readonly { containerPort: number }[] }[];
  };
}

const charts = join(import.meta.dirname, "..", "charts");

/** Whatever of these objects makes pods. */
function templatesOf(objects: readonly object[]): PodTemplate[] {
  return (objects as { spec?: { template?: PodTemplate } }[]).flatMap(
    ({ spec }) => spec?.template ?? [],
  );
}

async function podTemplates(): Promise<PodTemplate[]> {
  const rendered = readdirSync(charts).flatMap((chart) =>
    readdirSync(join(charts, chart)).flatMap((name) =>
      parseAllDocuments(readFileSync(join(charts, chart, name, "rendered.yaml"), "utf8")).map(
        (document) => document.toJS() as object,
      ),
    ),
  );
  const place = { namespace: "dev", image: "postgres" };
  const registered = await registrationsOf(() => {
    new Database("database", { ...place, diskGib: 1, protectData: false, generations: {} });
    new DatabaseSchema("database-schema", {
      ...place,
      host: "database",
      secretName: "database",
      secretRevision: "",
      migrations: { "0001.sql": "select 1;" },
    });
  });
  return templatesOf([...rendered, ...registered.map(({ inputs }) => inputs)]);
}

test("the pods of the flows are those that charts and components make", async () => {
  const names = (await podTemplates()).map(
    ({ metadata }) => metadata.labels["app.kubernetes.io/name"],
  );
  expect([...new Set(names)].sort()).toEqual([...stackPods].sort());
});

test("the ports of the flows are those that pods open, and each is needed", async () => {
  const opened = (await podTemplates()).flatMap(({ metadata, spec }) =>
    spec.containers
      .flatMap(({ ports = [] }) => ports)
      .map(({ containerPort }) => `${metadata.labels["app.kubernetes.io/name"]} ${containerPort}`),
  );
  const used = Object.values(flows).flatMap(({ to, port }) =>
    to.filter((party) => stackPods.some((pod) => pod === party)).map((pod) => `${pod} ${port}`),
  );
  expect([...new Set(used)].sort()).toEqual([...new Set(opened)].sort());
});

test.each(Object.entries(flows))(
  "flow %s is named by its ends and says why it is",
  (name, flow) => {
    expect(name).toMatch(/^[a-z-]+-to-[a-z-]+$/);
    expect(flow.why).toMatch(/^[A-Z].+\.$/);
  },
);
