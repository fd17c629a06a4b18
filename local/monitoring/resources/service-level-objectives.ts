import { ApiError } from "../api-error.ts";
import { pageOf } from "../listing.ts";
import { applyMask } from "../protos/field-mask.ts";
import { schema, type Message } from "../protos/schema.ts";
import { MAX_SLOS } from "../rules/quotas.ts";
import { checkServiceLevelObjective } from "../rules/service-level-objective.ts";
import type { Project } from "../state/state.ts";
import { add, entityNamed, idIn } from "./entity.ts";
import type { Resource } from "./resource.ts";
import { chosenId, numbered, serviceNamed } from "./services.ts";

const KIND = "serviceLevelObjectives";
const type = schema.lookupType("google.monitoring.v3.ServiceLevelObjective");

/** What services promise: `projects/*\/services/*\/serviceLevelObjectives`. */
export const serviceLevelObjectives: Resource = {
  service: "google.monitoring.v3.ServiceMonitoringService",
  methods: {
    ListServiceLevelObjectives: async (request, { state }) => {
      const project = state.read(request["parent"] as string);
      const service = serviceNamed(project, request["parent"] as string)["name"] as string;
      const own = objectivesOf(project, service).map((one) => numbered(project, one));
      const { items, nextPageToken } = pageOf(own, request);
      return { serviceLevelObjectives: items, nextPageToken };
    },

    GetServiceLevelObjective: async (request, { state }) => {
      const name = request["name"] as string;
      const project = state.read(name);
      return numbered(project, objectiveNamed(project, name));
    },

    CreateServiceLevelObjective: async (request, { state }) => {
      const objective = structuredClone((request["serviceLevelObjective"] ?? {}) as Message);
      const id = chosenId(request["serviceLevelObjectiveId"], "service_level_objective_id");
      const parent = request["parent"] as string;
      return state.change(parent, async (project) => {
        const service = serviceNamed(project, parent)["name"] as string;
        checkServiceLevelObjective(objective);
        if (objectivesOf(project, service).length >= MAX_SLOS) {
          throw new ApiError(
            "RESOURCE_EXHAUSTED",
            `Quota exceeded: a service may have at most ${MAX_SLOS} service level objectives.`,
          );
        }
        const name = `${service}/${KIND}/${id}`;
        return numbered(project, add(project, KIND, name, { ...objective, name }));
      });
    },

    UpdateServiceLevelObjective: async (request, { state }) => {
      const given = request["serviceLevelObjective"] as Message;
      const name = given["name"] as string;
      return state.change(name, async (project) => {
        const stored = objectiveNamed(project, name);
        const mask = request["updateMask"] as string | undefined;
        const objective = applyMask(type, mask, stored, given);
        checkServiceLevelObjective(objective);
        objective["name"] = stored["name"];
        return numbered(project, (project.collection(KIND)[stored["name"] as string] = objective));
      });
    },

    DeleteServiceLevelObjective: async (request, { state }) => {
      const name = request["name"] as string;
      return state.change(name, async (project) => {
        const own = objectiveNamed(project, name)["name"] as string;
        Reflect.deleteProperty(project.collection(KIND), own);
        return {};
      });
    },
  },
};

function objectiveNamed(project: Project, name: string): Message {
  const service = name.split("/").slice(0, 4).join("/");
  serviceNamed(project, service);
  const message = `There is no slo with id "${idIn(name)}" under service "${idIn(service)}" in project "${project.id}"`;
  return entityNamed(project, KIND, name, message);
}

function objectivesOf(project: Project, service: string): Message[] {
  return Object.values(project.collection(KIND)).filter((objective) =>
    (objective["name"] as string).startsWith(`${service}/`),
  );
}
