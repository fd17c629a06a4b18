import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { AlertPolicies } from "../infra/alert-policies.ts";
import { Campaigns } from "../infra/campaigns.ts";
import { Cms } from "../infra/cms.ts";
import { Collector } from "../infra/collector.ts";
import { Dashboards } from "../infra/dashboards.ts";
import { DatabaseSchema } from "../infra/database-schema.ts";
import { NetworkPolicies } from "../infra/network-policies.ts";
import type { SecretValue } from "../infra/secret-value.ts";
import { ServiceObjectives } from "../infra/service-objectives.ts";
import { StackNamespace } from "../infra/stack-namespace.ts";
import { UptimeChecks } from "../infra/uptime-checks.ts";
import { Worker } from "../infra/worker.ts";
import { retentionDaysOf } from "../services/contract/source-rules.ts";
import { readDashboards } from "./alerts/dashboards.ts";
import { readObjectives } from "./alerts/objectives.ts";
import { readAlerts } from "./alerts/read.ts";
import { readCampaigns } from "./campaigns/read.ts";
import type { StackConfig } from "./config.ts";
import { readMigrations, type Migrations } from "./migrations.ts";
import type { StackOutputs } from "./outputs.ts";
import { internet } from "./platforms/outsiders.ts";
import type { Platform, Service } from "./platforms/platform.ts";
import { updatedReplicas, type RolloutStep } from "./rollout.ts";

/** An image that a pod runs. */
export interface Image {
  /** With a tag or a digest that a preview knows. */
  readonly reference: string;
  /** What has to be there before the image can be pulled. */
  readonly resources: readonly pulumi.Resource[];
}

/** What decides how the services of an environment are deployed. */
export interface ServicesArgs {
  readonly config: StackConfig;
  readonly platform: Platform;
  readonly images: Readonly<Record<Service | "postgres", Image>>;
  /** Set while only a part of the pods runs `images`. */
  readonly rollout?: Rollout;
}

/** A step on the way from one release to another. */
export interface Rollout {
  readonly step: RolloutStep;
  /** Whether the collector's image is another one; of before it needs no name, because its pods stay as they are. */
  readonly collector: boolean;
  /** The worker's image of before; undefined if it is the same. */
  readonly worker: Image | undefined;
  /** Migrations of before, by service. */
  readonly migrations: Migrations;
}

/** The services of one stack on a platform, in the order in which an event and a page pass them. */
export function deployServices(stack: string, args: ServicesArgs): StackOutputs {
  const { config, platform, images, rollout } = args;
  const updated = (replicas: number): number =>
    rollout ? updatedReplicas(rollout.step, replicas) : replicas;
  const providers = platform.providers;
  const { url: cmsUrl, ...cmsPlace } = platform.placements.cms;
  const { url: collectorUrl, ...collectorPlace } = platform.placements.collector;
  const { url: workerUrl, ...workerPlace } = platform.placements.worker;

  const namespace = new StackNamespace(
    stack,
    { name: stack, protectData: config.protectData },
    { providers },
  );
  new NetworkPolicies(
    "network-policies",
    {
      namespace: namespace.name,
      outsiders: {
        ...platform.outsiders,
        ...(config.collectorTls && { "tls-visitors": platform.outsiders.visitors }),
        ...(config.chatWebhookUrl && { chat: internet }),
        ...(config.connectors && { connectors: internet }),
        ...(config.smtpUrl && { "mail-server": internet }),
      },
    },
    { providers, dependsOn: [namespace] },
  );
  const database = platform.database(
    {
      namespace: namespace.name,
      image: images.postgres.reference,
      diskGib: config.databaseGib,
      protectData: config.protectData,
      generations: config.generations,
    },
    { providers, dependsOn: [namespace] },
  );
  const schema = new DatabaseSchema(
    "database-schema",
    {
      namespace: namespace.name,
      image: images.postgres.reference,
      host: database.host,
      secretName: database.secretName,
      caName: database.caName,
      secretRevision: database.secretRevision,
      migrations: readMigrations(["collector", "worker"], rollout?.migrations),
    },
    { providers, dependsOn: [database.resource] },
  );
  const after = (image: Image, ...others: pulumi.Resource[]) => ({
    providers,
    dependsOn: [schema, ...image.resources, ...others],
  });

  const cms = new Cms(
    "cms",
    {
      namespace: namespace.name,
      image: images.cms.reference,
      databaseUrl: database.url("cms", "cms"),
      databaseCaName: database.caName,
      mediaBucket: platform.mediaBucket,
      protectData: config.protectData,
      publicUrl: cmsUrl ?? "http://cms:1337",
      adminEmail: config.adminEmail,
      generations: config.generations,
      replicas: config.cmsReplicas,
      ...cmsPlace,
    },
    after(images.cms),
  );
  const collector = new Collector(
    "collector",
    {
      namespace: namespace.name,
      image: images.collector.reference,
      databaseUrl: database.url("collector", "marketing"),
      databaseCaName: database.caName,
      sources: config.sources,
      sourceRules: config.sourceRules,
      generations: config.generations,
      replicas: config.collectorReplicas,
      updatedReplicas: rollout?.collector
        ? updated(config.collectorReplicas)
        : config.collectorReplicas,
      eventTopic: platform.eventTopic,
      tls: config.collectorTls && {
        certificate: config.collectorTls.certificate,
        key: pulumi.secret(config.collectorTls.key),
        nodePort: config.collectorTls.port,
      },
      spoolGib: config.spoolGib,
      spoolStorageClass: platform.storageClass,
      protectData: config.protectData,
      ...collectorPlace,
    },
    after(images.collector),
  );
  const mail = mailValue(config, platform, collector.mailKey);
  const worker = new Worker(
    "worker",
    {
      namespace: namespace.name,
      image: images.worker.reference,
      ...(rollout?.worker &&
        rollout.step !== "all" && {
          previous: {
            image: rollout.worker.reference,
            replicas: config.workerReplicas - updated(config.workerReplicas),
          },
        }),
      databaseUrl: database.url("worker", "marketing"),
      databaseCaName: database.caName,
      cmsApiToken: cms.workerApiToken.newest,
      webhookToken: cms.webhookToken.newest,
      previousWebhookToken: cms.webhookToken.previous,
      chatWebhookUrl: config.chatWebhookUrl,
      connectors: config.connectors,
      mail,
      retentionDays: retentionDaysOf(config.sourceRules),
      replicas: config.workerReplicas,
      ...workerPlace,
    },
    after(images.worker, cms),
  );
  new Campaigns(
    "campaigns",
    { namespace: namespace.name, campaigns: readCampaigns() },
    { providers, dependsOn: [worker, ...platform.defineCampaigns()] },
  );
  const monitored = {
    project: platform.project,
    labels: { app: "marketing-stack", env: stack },
  };
  new AlertPolicies(
    "alerts",
    {
      ...monitored,
      notificationEmail: config.notificationEmail,
      channels: config.alertChannels,
      alerts: readAlerts(),
    },
    // What is not there yet is not down.
    { providers, dependsOn: [cms, collector, worker] },
  );
  new UptimeChecks(
    "uptime",
    { ...monitored, urls: askedUrls(config, platform) },
    { providers, dependsOn: [cms, collector] },
  );
  new ServiceObjectives(
    "objectives",
    { ...monitored, objectives: readObjectives() },
    { providers },
  );
  new Dashboards("dashboards", { ...monitored, dashboards: readDashboards() }, { providers });

  const { nameServers } = platform.serve(
    {
      namespace: namespace.name,
      adminPassword: cms.adminPassword,
      writeKeys: collector.writeKeys,
    },
    { providers, dependsOn: [namespace] },
  );
  return {
    namespace: namespace.name,
    urls: {
      cms: cmsUrl,
      collector: collectorUrl,
      worker: workerUrl,
      monitoring: platform.monitoring,
    },
    databaseUrl: database.readerUrl,
    ledgerUrl: database.ledgerUrl,
    eventLogUrl: database.eventLogUrl,
    adminEmail: config.adminEmail,
    adminPassword: cms.adminPassword,
    contentApiToken: cms.contentApiToken,
    writeKeys: collector.writeKeys,
    channels: { hasMail: mail !== undefined, connectors: config.connectorKinds },
    images: {
      cms: images.cms.reference,
      collector: images.collector.reference,
      worker: images.worker.reference,
      postgres: images.postgres.reference,
    },
    nameServers,
  };
}

/** Where people reach the stack, by what answers there. */
function askedUrls(
  { collectorTls }: StackConfig,
  { placements: { cms, collector } }: Platform,
): Record<string, string> {
  const urls = {
    cms: cms.url,
    collector: collector.url,
    "collector-tls": collectorTls ? `https://127.0.0.1:${collectorTls.port}` : null,
  };
  return Object.fromEntries(
    Object.entries(urls).flatMap(([name, url]) => (url === null ? [] : [[name, url]])),
  );
}

/** `MAIL` of the worker; undefined where no server takes letters, or nobody could unsubscribe. */
function mailValue(
  { smtpUrl, siteUrl }: StackConfig,
  { inbox, placements }: Platform,
  linkKey: SecretValue,
): SecretValue | undefined {
  const collectorUrl = placements.collector.url;
  const server = smtpUrl ?? (inbox === undefined ? undefined : { value: inbox, revision: "" });
  if (!server || collectorUrl === null) return undefined;
  const plain = JSON.stringify([collectorUrl, siteUrl, smtpUrl ? "" : inbox]);
  const digest = createHash("sha256").update(plain).digest("hex").slice(0, 4);
  return {
    value: pulumi
      .all([server.value, linkKey.value])
      .apply(([url, key]) => JSON.stringify({ smtpUrl: url, linkKey: key, collectorUrl, siteUrl })),
    revision: [digest, server.revision, linkKey.revision].filter(Boolean).join("+"),
  };
}
