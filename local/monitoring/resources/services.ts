import { invalidField } from "../api-error.ts";
import { pageOf } from "../listing.ts";
import { applyMask } from "../protos/field-mask.ts";
import { schema, type Message } from "../protos/schema.ts";
import { checkService } from "../rules/service.ts";
import { projectNumber } from "../state/project-name.ts";
import { newResourceId } from "../state/resource-id.ts";
import type { Project } from "../state/state.ts";
import { add, entityNamed, idIn } from "./entity.ts";
import type { Resource } from "./resource.ts";

const KIND = "services";
const SLOS = "serviceLevelObjectives";
const type = schema.lookupType("google.monitoring.v3.Service");

/** IDs that callers choose for services and SLOs. */
const callersId = /^[a-zA-Z0-9\-_:.]{1,128}$/;

/** Services that SLOs are about: `projects/*\/services`. */
export const services: Resource = {
  service: "google.monitoring.v3.ServiceMonitoringService",
  methods: {
    ListServices: async (request, { state }) => {
      const project = state.read(request["parent"] as string);
      const all = Object.values(project.collection(KIND)).map((one) => numbered(project, one));
      const { items, nextPageToken } = pageOf(all, request);
      return { services: items, nextPageToken };
    },

    GetService: async (request, { state }) => {
      const name = request["name"] as string;
      const project = state.read(name);
      return numbered(project, serviceNamed(project, name));
    },

    CreateService: async (request, { state }) => {
      const service = structuredClone((request["service"] ?? {}) as Message);
      const id = chosenId(request["serviceId"], "service_id");
      checkService(service);
      return state.change(request["parent"] as string, async (project) => {
        const name = `projects/${project.id}/${KIND}/${id}`;
        return numbered(project, add(project, KIND, name, { ...service, name }));
      });
    },

    UpdateService: async (request, { state }) => {
      const given = request["service"] as Message;
      const name = given["name"] as string;
      return state.change(name, async (project) => {
        const stored = serviceNamed(project, name);
        const mask = request["updateMask"] as string | undefined;
        const service = applyMask(type, mask, stored, given);
        checkService(service);
        service["name"] = stored["name"];
        return numbered(project, (project.collection(KIND)[stored["name"] as string] = service));
      });
    },

    DeleteService: async (request, { state }) => {
      const name = request["name"] as string;
      return state.change(name, async (project) => {
        const own = serviceNamed(project, name)["name"] as string;
        Reflect.deleteProperty(project.collection(KIND), own);
        // The service's objectives go with it.
        for (const slo of Object.keys(project.collection(SLOS))) {
          if (slo.startsWith(`${own}/`)) Reflect.deleteProperty(project.collection(SLOS), slo);
        }
        return {};
      });
    },
  },
};

/**
 * The service that a request names.
 *
 * @throws ApiError if there is none, in the API's words.
 */
export function serviceNamed(project: Project, name: string): Message {
  const message = `There is no service with id '${idIn(name)}' in project '${projectNumber(project.id)}'`;
  return entityNamed(project, KIND, name, message);
}

/** A service or SLO as readers get it: its name has the project's number. */
export function numbered(project: Project, message: Message): Message {
  const path = (message["name"] as string).split("/").slice(2).join("/");
  return { ...message, name: `projects/${projectNumber(project.id)}/${path}` };
}

/** The ID that the caller chose, or a new one. */
export function chosenId(given: unknown, field: string): string {
  if (given === undefined) return newResourceId();
  if (!callersId.test(given as string)) {
    throw invalidField(
      field,
      given as string,
      "must have 1 to 128 of the characters a-z, A-Z, 0-9, -, _, : and a dot.",
    );
  }
  return given as string;
}
