import { pageOf } from "../listing.ts";
import type { Message } from "../protos/schema.ts";
import { checkMetricDescriptor } from "../rules/metric-descriptor.ts";
import { requireQuota } from "../rules/quotas.ts";
import type { Project } from "../state/state.ts";
import { entityNamed } from "./entity.ts";
import type { Resource } from "./resource.ts";

const KIND = "metricDescriptors";

/** Custom metrics: `projects/*\/metricDescriptors`. Time series are Prometheus' matter. */
export const metricDescriptors: Resource = {
  service: "google.monitoring.v3.MetricService",
  methods: {
    ListMetricDescriptors: async (request, { state }) => {
      const descriptors = state.read(request["name"] as string).collection(KIND);
      const { items, nextPageToken } = pageOf(Object.values(descriptors), request);
      return { metricDescriptors: items, nextPageToken };
    },

    GetMetricDescriptor: async (request, { state }) => {
      const name = request["name"] as string;
      return descriptorNamed(state.read(name), name);
    },

    // Creating one that exists replaces it, as the API's reference says.
    CreateMetricDescriptor: async (request, { state }) => {
      const given = structuredClone((request["metricDescriptor"] ?? {}) as Message);
      return state.change(request["name"] as string, async (project) => {
        const stored = project.collection(KIND)[nameOf(project, given["type"])];
        checkMetricDescriptor(given, stored);
        if (!stored) requireQuota(project, KIND);
        const name = nameOf(project, given["type"]);
        Reflect.deleteProperty(given, "monitoredResourceTypes");
        return (project.collection(KIND)[name] = { ...given, name });
      });
    },

    DeleteMetricDescriptor: async (request, { state }) => {
      const name = request["name"] as string;
      return state.change(name, async (project) => {
        const own = descriptorNamed(project, name)["name"] as string;
        Reflect.deleteProperty(project.collection(KIND), own);
        return {};
      });
    },
  },
};

function nameOf(project: Project, type: unknown): string {
  return `projects/${project.id}/${KIND}/${String(type)}`;
}

function descriptorNamed(project: Project, name: string): Message {
  const type = name.split("/").slice(3).join("/");
  return entityNamed(project, KIND, name, `Could not find descriptor for metric '${type}'.`);
}
