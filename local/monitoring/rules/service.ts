import { invalidField, missingField } from "../api-error.ts";
import type { Message } from "../protos/schema.ts";
import { requireLength } from "./limits.ts";
import { checkUserLabels } from "./user-labels.ts";

const FIELD = "service";

/** Kinds of service that have a message of their own; one of them, or a basic service, says what a service is. */
const identifiers = [
  "custom",
  "appEngine",
  "cloudEndpoints",
  "clusterIstio",
  "meshIstio",
  "istioCanonicalService",
  "cloudRun",
  "gkeNamespace",
  "gkeWorkload",
  "gkeService",
] as const;

/** Labels of each type of basic service; https://cloud.google.com/stackdriver/docs/solutions/slo-monitoring/api/identifier-structure */
const basicServiceLabels: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    APP_ENGINE: ["module_id"],
    CLOUD_ENDPOINTS: ["service"],
    CLUSTER_ISTIO: ["location", "cluster_name", "service_namespace", "service_name"],
    MESH_ISTIO: ["mesh_uid", "service_namespace", "service_name"],
    ISTIO_CANONICAL_SERVICE: ["mesh_uid", "canonical_service_namespace", "canonical_service"],
    CLOUD_RUN: ["service_name", "location"],
    GKE_NAMESPACE: ["project_id", "location", "cluster_name", "namespace_name"],
    GKE_WORKLOAD: [
      "project_id",
      "location",
      "cluster_name",
      "namespace_name",
      "top_level_controller_type",
      "top_level_controller_name",
    ],
    GKE_SERVICE: ["project_id", "location", "cluster_name", "namespace_name", "service_name"],
  }),
);

/**
 * Checks a service against the rules of the API that its schema cannot state.
 *
 * @throws ApiError about the first rule that it breaks.
 */
export function checkService(service: Message): void {
  const { displayName, userLabels, telemetry, basicService } = service as Service;
  requireLength(`${FIELD}.display_name`, displayName, 512);
  checkUserLabels(`${FIELD}.user_labels`, userLabels);
  if (!basicService && !identifiers.some((identifier) => service[identifier])) {
    throw missingField(`${FIELD}.identifier`);
  }
  if (telemetry?.resourceName && !telemetry.resourceName.startsWith("//")) {
    throw invalidField(
      `${FIELD}.telemetry.resource_name`,
      telemetry.resourceName,
      "must be a full resource name, such as //run.googleapis.com/projects/p/locations/l/services/s.",
    );
  }
  if (basicService && !service["custom"]) checkBasicService(basicService);
}

interface Service {
  readonly displayName?: string;
  readonly userLabels?: Readonly<Record<string, string>>;
  readonly telemetry?: { readonly resourceName?: string };
  readonly basicService?: BasicService;
}

interface BasicService {
  readonly serviceType?: string;
  readonly serviceLabels?: Readonly<Record<string, string>>;
}

function checkBasicService({ serviceType, serviceLabels = {} }: BasicService): void {
  const field = `${FIELD}.basic_service`;
  if (!serviceType) throw missingField(`${field}.service_type`);
  const labels = basicServiceLabels.get(serviceType);
  if (!labels) {
    const rule = `must be one of ${[...basicServiceLabels.keys()].join(", ")}.`;
    throw invalidField(`${field}.service_type`, serviceType, rule);
  }
  // Labels that the API can tell by itself (the project, a cluster's location) may be left out.
  const unknown = Object.keys(serviceLabels).find((label) => !labels.includes(label));
  if (unknown !== undefined) {
    const rule = `Services of type ${serviceType} have the labels ${labels.join(", ")}.`;
    throw invalidField(`${field}.service_labels`, unknown, rule);
  }
}
