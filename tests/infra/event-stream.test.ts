import { EventStream } from "../../infra/event-stream.ts";
import { eventSchema } from "../../services/contract/event-schema.ts";
import { registrationsOf } from "../mocks.ts";
import { protectedBy } from "./protected-by.ts";

const args = {
  project: "prod-project",
  projectNumber: "1234",
  region: "europe-west1",
  protectData: true,
  labels: { env: "prod" },
};
const own = "marketing-stack:infra:EventStream";
const project = "prod-project";
const labels = { env: "prod" };
const member = "serviceAccount:service-1234@gcp-sa-pubsub.iam.gserviceaccount.com";

test("creates the way from a topic into a table, and keeps what does not fit", async () => {
  expect(await registrationsOf(() => new EventStream("events", args))).toEqual([
    { path: `${own}::events`, inputs: {} },
    {
      path: `${own}$gcp:bigquery/dataset:Dataset::events`,
      inputs: {
        datasetId: "events",
        deleteContentsOnDestroy: false,
        labels,
        location: "europe-west1",
        project,
      },
    },
    {
      path: `${own}$gcp:bigquery/datasetIamMember:DatasetIamMember::events-pubsub`,
      inputs: { datasetId: "events", member, project, role: "roles/bigquery.dataEditor" },
    },
    {
      path: `${own}$gcp:bigquery/table:Table::events`,
      inputs: {
        clusterings: ["source", "type", "name"],
        datasetId: "events",
        deletionProtection: true,
        labels,
        project,
        requirePartitionFilter: true,
        schema: expect.stringContaining('"occurredAt"'),
        tableId: "event",
        timePartitioning: { field: "receivedAt", type: "DAY" },
      },
    },
    {
      path: `${own}$gcp:bigquery/table:Table::events-once`,
      inputs: {
        datasetId: "events",
        deletionProtection: true,
        labels,
        project,
        tableId: "event_once",
        view: {
          query: `SELECT * FROM \`prod-project.events.event\`
WHERE receivedAt >= TIMESTAMP '2000-01-01'
QUALIFY ROW_NUMBER() OVER (PARTITION BY receivedAt, source, id) = 1`,
          useLegacySql: false,
        },
      },
    },
    {
      path: `${own}$gcp:pubsub/subscription:Subscription::events-bigquery`,
      inputs: {
        bigqueryConfig: { table: "prod-project.events.event", useTableSchema: true },
        deadLetterPolicy: { deadLetterTopic: "events-dead-letter-id", maxDeliveryAttempts: 10 },
        expirationPolicy: { ttl: "" },
        labels,
        messageRetentionDuration: "604800s",
        name: "events-bigquery",
        project,
        retryPolicy: { maximumBackoff: "600s", minimumBackoff: "10s" },
        topic: "events-id",
      },
    },
    {
      path: `${own}$gcp:pubsub/subscription:Subscription::events-dead-letter`,
      inputs: {
        expirationPolicy: { ttl: "" },
        labels,
        messageRetentionDuration: "2678400s",
        name: "events-dead-letter",
        project,
        topic: "events-dead-letter-id",
      },
    },
    {
      path: `${own}$gcp:pubsub/subscriptionIAMMember:SubscriptionIAMMember::events-bigquery-pubsub`,
      inputs: {
        member,
        project,
        role: "roles/pubsub.subscriber",
        subscription: "events-bigquery-id",
      },
    },
    {
      path: `${own}$gcp:pubsub/topic:Topic::events`,
      inputs: {
        labels,
        messageStoragePolicy: { allowedPersistenceRegions: ["europe-west1"] },
        name: "events",
        project,
      },
    },
    {
      path: `${own}$gcp:pubsub/topic:Topic::events-dead-letter`,
      inputs: {
        labels,
        messageStoragePolicy: { allowedPersistenceRegions: ["europe-west1"] },
        name: "events-dead-letter",
        project,
      },
    },
    {
      path: `${own}$gcp:pubsub/topicIAMMember:TopicIAMMember::events-dead-letter-pubsub`,
      inputs: { member, project, role: "roles/pubsub.publisher", topic: "events-dead-letter-id" },
    },
  ]);
});

test("the table's columns are the members of the contract's event", async () => {
  const registrations = await registrationsOf(() => new EventStream("events", args));
  const { inputs } = registrations.find(({ path }) => path.includes("Table"))!;
  const columns = JSON.parse(inputs.schema as string) as Record<string, string>[];
  expect(columns.map(({ name }) => name)).toEqual(eventSchema.required);
  const schemas = eventSchema.properties as Record<string, { type?: unknown }>;
  for (const { name, type, mode } of columns) {
    const kind = schemas[name!]!.type;
    const isNullable = Array.isArray(kind) && kind.includes("null");
    expect({ name, mode }).toEqual({
      name,
      mode: kind === "array" ? "REPEATED" : isNullable ? "NULLABLE" : "REQUIRED",
    });
    expect({ name, isJson: type === "JSON" }).toEqual({ name, isJson: kind === "object" });
  }
});

test("names its topic before the topic is there", async () => {
  let stream: EventStream | undefined;
  await registrationsOf(() => (stream = new EventStream("events", args)));
  expect(stream!.topicName).toBe(`projects/${project}/topics/events`);
});

test.each([
  [
    true,
    [
      "gcp:bigquery/dataset:Dataset::events",
      "gcp:bigquery/table:Table::events",
      "gcp:bigquery/table:Table::events-once",
      "gcp:pubsub/subscription:Subscription::events-bigquery",
      "gcp:pubsub/subscription:Subscription::events-dead-letter",
      "gcp:pubsub/topic:Topic::events",
      "gcp:pubsub/topic:Topic::events-dead-letter",
    ],
  ],
  [false, []],
])("with protectData %s protects %j", async (protectData, resources) => {
  expect(
    await protectedBy((opts) => new EventStream("events", { ...args, protectData }, opts)),
  ).toEqual(resources);
});
