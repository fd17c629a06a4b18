import * as pulumi from "@pulumi/pulumi";
import { AlertPolicies } from "../infra/alert-policies.ts";
import { Cms } from "../infra/cms.ts";
import { Collector } from "../infra/collector.ts";
import { DatabaseSchema } from "../infra/database-schema.ts";
import { Database } from "../infra/database.ts";
import { ServiceImage } from "../infra/service-image.ts";
import { StackNamespace } from "../infra/stack-namespace.ts";
import { Worker } from "../infra/worker.ts";
import { readAlerts } from "./alerts.ts";
import { readConfig } from "./config.ts";
import { bundledContext, sourceContext, type BuildContext } from "./images.ts";
import { readMigrations } from "./migrations.ts";
import type { StackOutputs } from "./outputs.ts";
import { platformOf } from "./platform.ts";

/** An environment for development: everything on one platform, one replica of each, data that may go with it. */
export function dev(): StackOutputs {
  const config = readConfig();
  const platform = platformOf(config);
  const providers = platform.providers;
  const stack = pulumi.getStack();
  const ports = {
    cms: config.portBase,
    collector: config.portBase + 1,
    worker: config.portBase + 2,
    database: config.portBase + 3,
  };
  const urls = {
    cms: `http://127.0.0.1:${ports.cms}`,
    collector: `http://127.0.0.1:${ports.collector}`,
    worker: `http://127.0.0.1:${ports.worker}`,
    monitoring: platform.monitoring,
  };

  const namespace = new StackNamespace(stack, { name: stack }, { providers });
  const inNamespace = { providers, dependsOn: [namespace] };

  const database = new Database(
    "database",
    {
      namespace: namespace.name,
      image: platform.baseImages.postgres,
      diskGib: config.databaseGib,
      protectData: config.protectData,
      nodePort: ports.database,
    },
    inNamespace,
  );
  const schema = new DatabaseSchema(
    "database-schema",
    {
      namespace: namespace.name,
      image: platform.baseImages.postgres,
      host: database.host,
      secretName: database.secretName,
      migrations: readMigrations(["collector", "worker"]),
    },
    { providers, dependsOn: [database] },
  );

  const image = (service: string, context: BuildContext, hostNetwork = false): ServiceImage =>
    new ServiceImage(
      service,
      {
        registry: platform.registry,
        context: context.folder,
        inputsDigest: context.inputsDigest,
        baseImage: platform.baseImages.node,
        hostNetwork,
      },
      { providers },
    );
  const images = {
    // Its build installs packages.
    cms: image("cms", sourceContext("cms", platform.baseImages.node), true),
    collector: image("collector", bundledContext("collector", platform.baseImages.node)),
    worker: image("worker", bundledContext("worker", platform.baseImages.node)),
  };

  const cms = new Cms(
    "cms",
    {
      namespace: namespace.name,
      image: images.cms.reference,
      databaseUrl: database.url("cms", "cms"),
      publicUrl: urls.cms,
      adminEmail: config.adminEmail,
      replicas: config.cmsReplicas,
      nodePort: ports.cms,
    },
    { providers, dependsOn: [schema, images.cms] },
  );
  const collector = new Collector(
    "collector",
    {
      namespace: namespace.name,
      image: images.collector.reference,
      databaseUrl: database.url("collector", "marketing"),
      sources: config.sources,
      replicas: config.collectorReplicas,
      spoolGib: config.spoolGib,
      protectData: config.protectData,
      nodePort: ports.collector,
    },
    { providers, dependsOn: [schema, images.collector] },
  );
  new Worker(
    "worker",
    {
      namespace: namespace.name,
      image: images.worker.reference,
      databaseUrl: database.url("worker", "marketing"),
      cmsApiToken: cms.workerApiToken,
      webhookToken: cms.webhookToken,
      chatWebhookUrl: config.chatWebhookUrl,
      secretRevision: config.chatWebhookRevision,
      replicas: config.workerReplicas,
      nodePort: ports.worker,
    },
    { providers, dependsOn: [schema, images.worker] },
  );

  new AlertPolicies(
    "alerts",
    {
      project: `marketing-stack-${stack}`,
      notificationEmail: config.notificationEmail,
      alerts: readAlerts(),
    },
    { providers },
  );

  return {
    namespace: namespace.name,
    urls,
    databaseUrl: pulumi.interpolate`postgres://reader:${database.passwords.reader}@127.0.0.1:${ports.database}/marketing`,
    adminEmail: config.adminEmail,
    adminPassword: cms.adminPassword,
    writeKeys: collector.writeKeys,
    images: {
      cms: images.cms.reference,
      collector: images.collector.reference,
      worker: images.worker.reference,
    },
  };
}
