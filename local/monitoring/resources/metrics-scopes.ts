import { invalidField, notFound } from "../api-error.ts";
import type { Message } from "../protos/schema.ts";
import { projectIn, projectNumber } from "../state/project-name.ts";
import { newResourceId } from "../state/resource-id.ts";
import type { Project } from "../state/state.ts";
import { add } from "./entity.ts";
import type { Resource } from "./resource.ts";

const KIND = "monitoredProjects";

/** Since when a project has its own scope: an emulated project has always been there. */
const BEGINNING = "2000-01-01T00:00:00Z";

/** Which projects' metrics a project sees: `locations/global/metricsScopes/*`. */
export const metricsScopes: Resource = {
  service: "google.monitoring.metricsscope.v1.MetricsScopes",
  methods: {
    GetMetricsScope: async (request, { state }) => {
      const project = state.read(scopingProject(request["name"]));
      const name = scopeName(project);
      const own = { name: `${name}/projects/${projectNumber(project.id)}`, createTime: BEGINNING };
      const others = Object.values(project.collection(KIND));
      return {
        name,
        createTime: BEGINNING,
        updateTime: others.at(-1)?.["createTime"] ?? BEGINNING,
        monitoredProjects: [own, ...others],
      };
    },

    CreateMonitoredProject: async (request, { state, now }) => {
      const { name = "" } = (request["monitoredProject"] ?? {}) as { name?: string };
      if (!/^locations\/global\/metricsScopes\/[^/]+\/projects\/[^/]+$/.test(name)) {
        throw invalidField(
          "monitored_project.name",
          name,
          "must be locations/global/metricsScopes/PROJECT/projects/PROJECT.",
        );
      }
      return state.change(scopingProject(request["parent"]), async (project) => {
        const monitored = { name: monitoredName(project, name), createTime: now() };
        const type = "type.googleapis.com/google.monitoring.metricsscope.v1.MonitoredProject";
        const response = add(project, KIND, monitored.name, monitored);
        return doneOperation({ "@type": type, ...response }, now());
      });
    },

    DeleteMonitoredProject: async (request, { state, now }) => {
      const name = request["name"] as string;
      return state.change(scopingProject(name), async (project) => {
        const own = monitoredName(project, name);
        if (!project.collection(KIND)[own]) throw notFound();
        Reflect.deleteProperty(project.collection(KIND), own);
        return doneOperation({ "@type": "type.googleapis.com/google.protobuf.Empty" }, now());
      });
    },
  },
};

function scopingProject(name: unknown): string {
  return `projects/${(name as string).split("/")[3]}`;
}

function scopeName({ id }: Project): string {
  return `locations/global/metricsScopes/${projectNumber(id)}`;
}

/** Name of a monitored project, both projects by their numbers. */
function monitoredName(scope: Project, name: string): string {
  const id = projectIn(`projects/${name.split("/").at(-1)}`);
  return `${scopeName(scope)}/projects/${/^\d+$/.test(id) ? id : projectNumber(id)}`;
}

/** The long-running operation that every change of a scope is; here it has always ended. */
function doneOperation(response: Message, time: string): Message {
  return {
    name: `operations/${newResourceId()}`,
    metadata: {
      "@type": "type.googleapis.com/google.monitoring.metricsscope.v1.OperationMetadata",
      state: "DONE",
      createTime: time,
      updateTime: time,
    },
    done: true,
    response,
  };
}
