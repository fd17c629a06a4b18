import { notFound } from "../api-error.ts";
import { pageOf } from "../listing.ts";
import type { Message } from "../protos/schema.ts";
import { checkLogMetric, withLogMetricDefaults } from "../rules/log-metric.ts";
import { requireQuota } from "../rules/quotas.ts";
import type { Project } from "../state/state.ts";
import { add } from "./entity.ts";
import type { Resource } from "./resource.ts";

const KIND = "logMetrics";

/** Metrics counted from log entries: `projects/*\/metrics` of Cloud Logging. */
export const logMetrics: Resource = {
  service: "google.logging.v2.MetricsServiceV2",
  methods: {
    ListLogMetrics: async (request, { state }) => {
      const metrics = state.read(request["parent"] as string).collection(KIND);
      const { items, nextPageToken } = pageOf(Object.values(metrics), request);
      return { metrics: items, nextPageToken };
    },

    GetLogMetric: async (request, { state }) => {
      const name = request["metricName"] as string;
      return metricNamed(state.read(name), name);
    },

    CreateLogMetric: async (request, { state, now }) => {
      const metric = structuredClone((request["metric"] ?? {}) as Message);
      checkLogMetric(metric);
      return state.change(request["parent"] as string, async (project) => {
        requireQuota(project, KIND);
        const times = { createTime: now(), updateTime: now() };
        const completed = withLogMetricDefaults(metric, project.id);
        const key = keyOf(project, metric["name"] as string);
        return add(project, KIND, key, { ...completed, ...times });
      });
    },

    // Makes the metric if it is not there, as the API's reference says.
    UpdateLogMetric: async (request, { state, now }) => {
      const metric = structuredClone((request["metric"] ?? {}) as Message);
      const path = request["metricName"] as string;
      metric["name"] = idIn(path);
      return state.change(path, async (project) => {
        const key = keyOf(project, idIn(path));
        const stored = project.collection(KIND)[key];
        checkLogMetric(metric, stored);
        if (!stored) requireQuota(project, KIND);
        return (project.collection(KIND)[key] = {
          ...withLogMetricDefaults(metric, project.id),
          createTime: stored?.["createTime"] ?? now(),
          updateTime: now(),
        });
      });
    },

    DeleteLogMetric: async (request, { state }) => {
      const name = request["metricName"] as string;
      return state.change(name, async (project) => {
        metricNamed(project, name);
        Reflect.deleteProperty(project.collection(KIND), keyOf(project, idIn(name)));
        return {};
      });
    },
  },
};

/** A metric's own name may have slashes. */
function idIn(path: string): string {
  return path.split("/").slice(3).join("/");
}

/** Under what a metric is stored: its own name may be that of something which every object has. */
function keyOf({ id }: Project, name: string): string {
  return `projects/${id}/metrics/${name}`;
}

function metricNamed(project: Project, path: string): Message {
  const metric = project.collection(KIND)[keyOf(project, idIn(path))];
  if (!metric) throw notFound(`Metric ${idIn(path)} does not exist.`);
  return metric;
}
