import * as gcp from "@pulumi/gcp";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { AutopilotCluster } from "../../infra/autopilot-cluster.ts";
import { BackupBucket } from "../../infra/backup-bucket.ts";
import { CampaignDefinition } from "../../infra/campaign-definition.ts";
import { CloudDatabase } from "../../infra/cloud-database.ts";
import { Edge } from "../../infra/edge.ts";
import { EventStream } from "../../infra/event-stream.ts";
import { GoogleApis } from "../../infra/google-apis.ts";
import { ImageRepository } from "../../infra/image-repository.ts";
import { MediaBucket } from "../../infra/media-bucket.ts";
import { PrivateNetwork } from "../../infra/private-network.ts";
import { SecretVault } from "../../infra/secret-vault.ts";
import { ServiceIdentity, type Grant } from "../../infra/service-identity.ts";
import { campaignDefinition } from "../campaigns/schema.ts";
import type { GoogleConfig, StackConfig } from "../config.ts";
import { artifactRegistry, repositoryId } from "./artifact-registry.ts";
import { googleOutsiders } from "./outsiders.ts";
import type { DatabaseServer, Placement, Platform, Service } from "./platform.ts";
import { publicHosts } from "./public-hosts.ts";

/**
 * Google Cloud: what a stack stands on there is made with it, in a project of its own.
 *
 * Every resource names its project, and the provider names none: then it asks Google nothing before there is something
 * to change, and a preview needs no account.
 */
export function gkePlatform(config: StackConfig, google: GoogleConfig): Platform {
  const { project, projectNumber, region, domain } = google;
  const { protectData } = config;
  const stack = pulumi.getStack();
  const labels = { app: "marketing-stack", env: stack };
  const place = { project, region, protectData, labels };
  const hosts = publicHosts(domain);

  const provider = new gcp.Provider("gcp", {});
  const apis = new GoogleApis("google-apis", { project }, { providers: { gcp: provider } });
  const opts = { providers: { gcp: provider }, dependsOn: [apis] };
  const network = new PrivateNetwork("network", place, opts);
  const cluster = new AutopilotCluster(
    "cluster",
    {
      ...place,
      projectNumber,
      network: network.network,
      subnetwork: network.subnetwork,
      podsRange: network.podsRange,
      servicesRange: network.servicesRange,
    },
    opts,
  );
  new ImageRepository(
    "images",
    { ...place, repositoryId, reader: cluster.nodeServiceAccount },
    opts,
  );
  new BackupBucket("backups", place, opts);
  const media = new MediaBucket("media", place, opts);
  const stream = new EventStream("event-stream", { ...place, projectNumber }, opts);
  const grants: Record<Service, Record<string, Grant>> = {
    cms: { media: { role: "roles/storage.objectUser", bucket: media.bucket } },
    collector: { events: { role: "roles/pubsub.publisher", topic: stream.topic } },
    worker: {},
  };
  const placement = (service: Service, host?: string): Placement => {
    const identity = new ServiceIdentity(
      service,
      { project, namespace: stack, service, grants: grants[service] },
      { ...opts, dependsOn: [cluster] },
    );
    return {
      url: host ? `https://${host}` : null,
      googleServiceAccount: identity.email,
      // The load balancer sends to pods by itself, and takes longer to hear that one leaves.
      leaveSeconds: host ? 30 : undefined,
      managedPrometheus: true,
    };
  };
  const kubernetes = new k8s.Provider(
    "kubernetes",
    google.renderTo
      ? { renderYamlToDirectory: google.renderTo }
      : // Else a changed Secret is deleted first: pods that start meanwhile would have none.
        { kubeconfig: cluster.kubeconfig, enableSecretMutable: true },
  );
  const providers = { kubernetes, gcp: provider };

  return {
    providers,
    registry: artifactRegistry(project, region),
    project,
    monitoring: `https://console.cloud.google.com/monitoring/alerting?project=${project}`,
    placements: {
      cms: placement("cms", hosts.cms),
      collector: placement("collector", hosts.collector),
      worker: placement("worker"),
    },
    eventTopic: stream.topicName,
    mediaBucket: media.bucketName,
    // On SSD: the collector answers when an event is on disk.
    storageClass: "premium-rwo",
    defineCampaigns: () => [
      new CampaignDefinition(
        "campaign-definition",
        { definition: campaignDefinition() },
        { providers },
      ),
    ],
    outsiders: googleOutsiders(network.managedServicesCidr, network.nodesCidr),
    database: (args, options): DatabaseServer => {
      const database = new CloudDatabase(
        "database",
        { ...place, ...args, network: network.peeredNetwork, tier: google.databaseTier },
        { ...options, providers },
      );
      return {
        resource: database,
        host: database.host,
        secretName: database.secretName,
        secretRevision: database.secretRevision,
        caName: database.caName,
        readerUrl: null,
        ledgerUrl: null,
        eventLogUrl: null,
        url: (role, name) => database.url(role, name),
      };
    },
    serve: ({ namespace, adminPassword, writeKeys }, options) => {
      new SecretVault(
        "secrets",
        {
          project,
          protectData,
          labels,
          secrets: {
            "cms-admin-password": adminPassword,
            "write-keys": writeKeys.apply((keys) => JSON.stringify(keys)),
          },
        },
        opts,
      );
      const { adminNetworks } = google;
      const edge = new Edge(
        "edge",
        { project, namespace, domain, hosts, adminNetworks, protectData, labels },
        options,
      );
      return { nameServers: edge.nameServers };
    },
  };
}
