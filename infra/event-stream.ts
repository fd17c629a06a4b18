import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { dataProtection } from "./data-protection.ts";

/** Arguments of {@link EventStream}. */
export interface EventStreamArgs {
  /** Google Cloud project. */
  readonly project: string;

  /** Number of the project: names Google's own service account for Pub/Sub. */
  readonly projectNumber: string;

  /** Region in which events are kept, as `europe-west1`; they never leave it. */
  readonly region: string;

  /** Whether events outlive the stack, and Google refuses to delete their table. */
  readonly protectData: boolean;

  /** Labels of everything that takes some. */
  readonly labels: Readonly<Record<string, string>>;
}

const DAY = 86_400;

/** The event of `services/contract`, as a table of BigQuery. Messages are JSON objects with these members. */
const columns = [
  { name: "source", type: "STRING", mode: "REQUIRED" },
  { name: "id", type: "STRING", mode: "REQUIRED" },
  { name: "type", type: "STRING", mode: "REQUIRED" },
  { name: "name", type: "STRING", mode: "NULLABLE" },
  { name: "dialect", type: "STRING", mode: "NULLABLE" },
  { name: "anonymousId", type: "STRING", mode: "NULLABLE" },
  { name: "userId", type: "STRING", mode: "NULLABLE" },
  { name: "occurredAt", type: "TIMESTAMP", mode: "REQUIRED" },
  { name: "receivedAt", type: "TIMESTAMP", mode: "REQUIRED" },
  { name: "context", type: "JSON", mode: "REQUIRED" },
  { name: "properties", type: "JSON", mode: "REQUIRED" },
  { name: "consent", type: "STRING", mode: "REPEATED" },
  { name: "campaign", type: "STRING", mode: "NULLABLE" },
];

/**
 * The way of events on Google Cloud: Pub/Sub to BigQuery, and what does not fit to a dead-letter topic.
 *
 * Creates the topics `events` and `events-dead-letter`, the dataset and table `events`, the view `event_once` that has a row
 * of each event, the subscription that writes events into the table, a subscription that keeps dead letters for 31 days, and the grants of Google's own service account for
 * Pub/Sub, each on one resource. Delivery is at least once, which is what the view is for: rows that are one event have the same
 * `receivedAt`, thus lie in the same partition. Each message carries `source` and `id` as attributes.
 */
export class EventStream extends pulumi.ComponentResource {
  /** Full name of the topic that events are published to, plain: known before the topic is there. */
  public readonly topicName: string;

  /** Id of that topic. */
  public readonly topic: pulumi.Output<string>;

  constructor(name: string, args: EventStreamArgs, opts?: pulumi.ComponentResourceOptions) {
    super("marketing-stack:infra:EventStream", name, {}, opts);
    const { project, labels } = args;
    const parent = { parent: this };
    const protectedData = { parent: this, ...dataProtection(args.protectData) };
    const pubsubAgent = `serviceAccount:service-${args.projectNumber}@gcp-sa-pubsub.iam.gserviceaccount.com`;

    const topic = (suffix: string): gcp.pubsub.Topic =>
      new gcp.pubsub.Topic(
        `${name}${suffix}`,
        {
          project,
          name: `events${suffix}`,
          messageStoragePolicy: { allowedPersistenceRegions: [args.region] },
          labels,
        },
        protectedData,
      );
    const events = topic("");
    const deadLetters = topic("-dead-letter");
    new gcp.pubsub.Subscription(
      `${name}-dead-letter`,
      {
        project,
        name: "events-dead-letter",
        topic: deadLetters.id,
        messageRetentionDuration: `${31 * DAY}s`,
        expirationPolicy: { ttl: "" },
        labels,
      },
      protectedData,
    );

    const dataset = new gcp.bigquery.Dataset(
      name,
      {
        project,
        location: args.region,
        datasetId: "events",
        deleteContentsOnDestroy: false,
        labels,
      },
      protectedData,
    );
    const table = new gcp.bigquery.Table(
      name,
      {
        project,
        datasetId: dataset.datasetId,
        tableId: "event",
        schema: JSON.stringify(columns),
        timePartitioning: { type: "DAY", field: "receivedAt" },
        requirePartitionFilter: true,
        clusterings: ["source", "type", "name"],
        deletionProtection: args.protectData,
        labels,
      },
      protectedData,
    );
    new gcp.bigquery.Table(
      `${name}-once`,
      {
        project,
        datasetId: dataset.datasetId,
        tableId: "event_once",
        view: {
          query: table.tableId.apply((id) => onceQuery(`${project}.events.${id}`)),
          useLegacySql: false,
        },
        deletionProtection: args.protectData,
        labels,
      },
      protectedData,
    );
    const mayWrite = new gcp.bigquery.DatasetIamMember(
      `${name}-pubsub`,
      {
        project,
        datasetId: dataset.datasetId,
        role: "roles/bigquery.dataEditor",
        member: pubsubAgent,
      },
      parent,
    );
    const subscription = new gcp.pubsub.Subscription(
      `${name}-bigquery`,
      {
        project,
        name: "events-bigquery",
        topic: events.id,
        bigqueryConfig: {
          table: pulumi.interpolate`${project}.${table.datasetId}.${table.tableId}`,
          useTableSchema: true,
        },
        messageRetentionDuration: `${7 * DAY}s`,
        expirationPolicy: { ttl: "" },
        retryPolicy: { minimumBackoff: "10s", maximumBackoff: "600s" },
        deadLetterPolicy: { deadLetterTopic: deadLetters.id, maxDeliveryAttempts: 10 },
        labels,
      },
      { ...protectedData, dependsOn: [mayWrite] },
    );
    // Pub/Sub itself moves a message to the dead letters: publishes it there and acknowledges it here.
    new gcp.pubsub.TopicIAMMember(
      `${name}-dead-letter-pubsub`,
      { project, topic: deadLetters.id, role: "roles/pubsub.publisher", member: pubsubAgent },
      parent,
    );
    new gcp.pubsub.SubscriptionIAMMember(
      `${name}-bigquery-pubsub`,
      {
        project,
        subscription: subscription.id,
        role: "roles/pubsub.subscriber",
        member: pubsubAgent,
      },
      parent,
    );

    this.topicName = `projects/${project}/topics/events`;
    this.topic = events.id;
    this.registerOutputs({ topicName: this.topicName, topic: this.topic });
  }
}

/**
 * One row of each event of a table. A filter on `receivedAt` by who reads it goes by the windows' own key; the one in here
 * is because the table wants one below every window.
 */
function onceQuery(table: string): string {
  return `SELECT * FROM \`${table}\`
WHERE receivedAt >= TIMESTAMP '2000-01-01'
QUALIFY ROW_NUMBER() OVER (PARTITION BY receivedAt, source, id) = 1`;
}
