import { createHash } from "node:crypto";
import { ApiError, invalidArgument, invalidField } from "../api-error.ts";
import { pageOf } from "../listing.ts";
import { schema, type Message } from "../protos/schema.ts";
import { requireFields } from "../protos/required-fields.ts";
import { checkDashboard, withDashboardDefaults } from "../rules/dashboard.ts";
import { requireQuota } from "../rules/quotas.ts";
import { newResourceId } from "../state/resource-id.ts";
import { add, entityNamed, idIn } from "./entity.ts";
import type { Resource } from "./resource.ts";
import { numbered } from "./services.ts";

const KIND = "dashboards";
const type = schema.lookupType("google.monitoring.dashboard.v1.Dashboard");

/** Dashboards: `projects/*\/dashboards`. */
export const dashboards: Resource = {
  service: "google.monitoring.dashboard.v1.DashboardsService",
  methods: {
    ListDashboards: async (request, { state }) => {
      const project = state.read(request["parent"] as string);
      const all = Object.values(project.collection(KIND)).map((one) => numbered(project, one));
      const { items, nextPageToken } = pageOf(all, request);
      return { dashboards: items, nextPageToken };
    },

    GetDashboard: async (request, { state }) => {
      const name = request["name"] as string;
      const project = state.read(name);
      return numbered(project, entityNamed(project, KIND, name));
    },

    CreateDashboard: async (request, { state }) => {
      const given = structuredClone((request["dashboard"] ?? {}) as Message);
      return state.change(request["parent"] as string, async (project) => {
        requireQuota(project, KIND);
        const name = `projects/${project.id}/${KIND}/${chosenId(given["name"])}`;
        const dashboard = completed(given, name);
        if (request["validateOnly"] === true) return numbered(project, dashboard);
        return numbered(project, add(project, KIND, name, dashboard));
      });
    },

    UpdateDashboard: async (request, { state }) => {
      const given = structuredClone((request["dashboard"] ?? {}) as Message);
      const requested = given["name"] as string;
      return state.change(requested, async (project) => {
        const stored = entityNamed(project, KIND, requested);
        if (!given["etag"]) {
          throw invalidArgument("Update Dashboard should specify a non empty etag.");
        }
        if (given["etag"] !== stored["etag"]) {
          throw new ApiError(
            "ABORTED",
            "The dashboard's etag is not the current one: it was changed since it was read.",
          );
        }
        const name = stored["name"] as string;
        const dashboard = completed(given, name);
        if (request["validateOnly"] === true) return numbered(project, dashboard);
        return numbered(project, (project.collection(KIND)[name] = dashboard));
      });
    },

    DeleteDashboard: async (request, { state }) => {
      const name = request["name"] as string;
      return state.change(name, async (project) => {
        const own = entityNamed(project, KIND, name)["name"] as string;
        Reflect.deleteProperty(project.collection(KIND), own);
        return {};
      });
    },
  },
};

/** The ID that the caller gave in the dashboard's name, or a new one. */
function chosenId(name: unknown): string {
  if (name === undefined) return newResourceId();
  if (!/^projects\/[^/]+\/dashboards\/[a-zA-Z0-9_-]{1,100}$/.test(name as string)) {
    throw invalidField(
      "dashboard.name",
      name as string,
      "must be projects/PROJECT/dashboards/ID, the ID of letters, digits, - and _.",
    );
  }
  return idIn(name as string);
}

/** The dashboard as it is stored, with an etag of what it now holds. */
function completed(given: Message, name: string): Message {
  const { etag: before, ...dashboard } = given;
  requireFields(type, dashboard, "dashboard");
  checkDashboard(dashboard);
  const content = { ...withDashboardDefaults(dashboard), name };
  const etag = createHash("sha256")
    .update(JSON.stringify([before, content]))
    .digest("hex")
    .slice(0, 32);
  return { ...content, etag };
}
