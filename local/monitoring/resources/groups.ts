import { ApiError, invalidArgument } from "../api-error.ts";
import { pageOf } from "../listing.ts";
import { schema, type Message } from "../protos/schema.ts";
import { requireFields } from "../protos/required-fields.ts";
import { checkGroup } from "../rules/group.ts";
import { requireQuota } from "../rules/quotas.ts";
import { newResourceId } from "../state/resource-id.ts";
import type { Project } from "../state/state.ts";
import { add, entityNamed, idIn } from "./entity.ts";
import type { Resource } from "./resource.ts";

const KIND = "groups";
const type = schema.lookupType("google.monitoring.v3.Group");

/** Groups of monitored resources, which may lie in each other: `projects/*\/groups`. */
export const groups: Resource = {
  service: "google.monitoring.v3.GroupService",
  methods: {
    ListGroups: async (request, { state }) => {
      const project = state.read(request["name"] as string);
      const { childrenOfGroup } = request as { childrenOfGroup?: string };
      const all = Object.values(project.collection(KIND));
      const wanted = childrenOfGroup
        ? all.filter(({ parentName }) => parentName === childrenOfGroup)
        : all;
      const { items, nextPageToken } = pageOf(wanted, request);
      return { group: items, nextPageToken };
    },

    GetGroup: async (request, { state }) => {
      const name = request["name"] as string;
      return groupNamed(state.read(name), name);
    },

    CreateGroup: async (request, { state }) => {
      return state.change(request["name"] as string, async (project) => {
        const group = checked(request["group"] as Message | undefined, project);
        requireQuota(project, KIND);
        const name = `projects/${project.id}/${KIND}/${newResourceId()}`;
        if (request["validateOnly"] === true) return group;
        return add(project, KIND, name, { ...group, name });
      });
    },

    UpdateGroup: async (request, { state }) => {
      const given = request["group"] as Message;
      const name = given["name"] as string;
      return state.change(name, async (project) => {
        const stored = groupNamed(project, name);
        const group = { ...checked(given, project), name: stored["name"] };
        if (liesIn(project, group, stored["name"] as string)) {
          throw invalidArgument("A group must not be its own ancestor.");
        }
        if (request["validateOnly"] === true) return group;
        return (project.collection(KIND)[stored["name"] as string] = group);
      });
    },

    DeleteGroup: async (request, { state }) => {
      const name = request["name"] as string;
      return state.change(name, async (project) => {
        remove(project, groupNamed(project, name)["name"] as string, request["recursive"] === true);
        return {};
      });
    },
  },
};

function groupNamed(project: Project, name: string): Message {
  return entityNamed(project, KIND, name, `Could not find group definition for '${idIn(name)}'.`);
}

function checked(given: Message = {}, project: Project): Message {
  const group = structuredClone(given);
  Reflect.deleteProperty(group, "name");
  requireFields(type, { ...group, name: "-" }, "group");
  checkGroup(group);
  const { parentName } = group as { parentName?: string };
  if (parentName) groupNamed(project, parentName);
  return group;
}

/** Whether a group's chain of parents leads to the group called `ancestor`. */
function liesIn(project: Project, group: Message, ancestor: string): boolean {
  const { parentName } = group as { parentName?: string };
  if (!parentName) return false;
  return (
    parentName === ancestor || liesIn(project, project.collection(KIND)[parentName] ?? {}, ancestor)
  );
}

function remove(project: Project, name: string, isRecursive: boolean): void {
  const children = Object.values(project.collection(KIND)).filter(
    ({ parentName }) => parentName === name,
  );
  if (children.length > 0 && !isRecursive) {
    throw new ApiError(
      "FAILED_PRECONDITION",
      `Group '${idIn(name)}' has children; delete them first, or set recursive.`,
    );
  }
  for (const child of children) remove(project, child["name"] as string, true);
  Reflect.deleteProperty(project.collection(KIND), name);
}
