import { invalidArgument, invalidField, notFound } from "../api-error.ts";
import { pageOf } from "../listing.ts";
import { applyMask } from "../protos/field-mask.ts";
import { schema, type Message } from "../protos/schema.ts";
import type { AlertPolicy } from "../rules/alert-policy.ts";
import { checkAlertPolicy } from "../rules/check-alert-policy.ts";
import { requireQuota } from "../rules/quotas.ts";
import { newResourceId } from "../state/resource-id.ts";
import type { Project } from "../state/state.ts";
import { CALLER } from "./caller.ts";
import { entityNamed } from "./entity.ts";
import type { Resource } from "./resource.ts";

const KIND = "alertPolicies";
const type = schema.lookupType("google.monitoring.v3.AlertPolicy");

/** Alert policies: `projects/*\/alertPolicies`. */
export const alertPolicies: Resource = {
  service: "google.monitoring.v3.AlertPolicyService",
  methods: {
    ListAlertPolicies: async (request, { state }) => {
      const policies = state.read(request["name"] as string).collection(KIND);
      const { items, nextPageToken, totalSize } = pageOf(Object.values(policies), request);
      return { alertPolicies: items, nextPageToken, totalSize };
    },

    GetAlertPolicy: async (request, { state }) => {
      const name = request["name"] as string;
      return entityNamed(state.read(name), KIND, name);
    },

    CreateAlertPolicy: async (request, { state, checkPromql, now }) => {
      const policy = writable(request["alertPolicy"] as Message | undefined);
      return state.change(request["name"] as string, async (project) => {
        await check(policy, project, checkPromql);
        requireQuota(project, KIND);
        const record = { mutateTime: now(), mutatedBy: CALLER };
        policy.name = `projects/${project.id}/${KIND}/${newResourceId()}`;
        for (const condition of policy.conditions) condition.name = newConditionName(policy);
        policy.enabled ??= true;
        policy.creationRecord = policy.mutationRecord = record;
        return store(project, policy);
      });
    },

    UpdateAlertPolicy: async (request, { state, checkPromql, now }) => {
      const given = request["alertPolicy"] as Message;
      const name = given["name"] as string;
      return state.change(name, async (project) => {
        const stored = entityNamed(project, KIND, name);
        const mask = request["updateMask"] as string | undefined;
        const policy = writable(applyMask(type, mask, stored, given));
        await check(policy, project, checkPromql);
        const { name: ownName, conditions, creationRecord } = stored as unknown as AlertPolicy;
        policy.name = ownName;
        keepConditionNames(
          policy,
          conditions.map((condition) => condition.name!),
        );
        policy.enabled ??= true;
        policy.creationRecord = creationRecord!;
        policy.mutationRecord = { mutateTime: now(), mutatedBy: CALLER };
        return store(project, policy);
      });
    },

    DeleteAlertPolicy: async (request, { state }) => {
      const name = request["name"] as string;
      return state.change(name, async (project) => {
        Reflect.deleteProperty(
          project.collection(KIND),
          entityNamed(project, KIND, name)["name"] as string,
        );
        return {};
      });
    },
  },
};

function store(project: Project, policy: AlertPolicy): Message {
  return (project.collection(KIND)[policy.name] = policy as unknown as Message);
}

/** A copy without what only the server writes; what a caller sends of that is ignored. */
function writable(given: Message = {}): AlertPolicy {
  const policy = structuredClone(given) as unknown as AlertPolicy;
  Reflect.deleteProperty(policy, "validity");
  return policy;
}

async function check(
  policy: AlertPolicy,
  project: Project,
  checkPromql: (query: string) => Promise<string | undefined>,
): Promise<void> {
  await checkAlertPolicy(policy, checkPromql);
  const channels = project.collection("notificationChannels");
  for (const channel of policy.notificationChannels ?? []) {
    if (!/^projects\/[^/]+\/notificationChannels\/[^/]+$/.test(channel)) {
      throw invalidArgument(
        `Name must begin with 'projects/{project_id}/notificationChannels/{channel_id}', got: ${channel}`,
      );
    }
    if (!channels[channel]) throw notFound(`Notification channel not found: ${channel}`);
  }
}

/** A condition sent with its name is updated, one without is new, one that is not sent is gone. */
function keepConditionNames(policy: AlertPolicy, known: readonly string[]): void {
  const taken = new Set<string>();
  for (const [index, condition] of policy.conditions.entries()) {
    if (condition.name === undefined) {
      // Of SQL conditions the recorded answers have no name after an update.
      if (!condition.conditionSql) condition.name = newConditionName(policy);
    } else if (!known.includes(condition.name) || taken.has(condition.name)) {
      const rule = "must be the name of a condition of this policy, given once.";
      throw invalidField(`alert_policy.conditions[${index}].name`, condition.name, rule);
    }
    if (condition.name !== undefined) taken.add(condition.name);
  }
}

function newConditionName({ name }: AlertPolicy): string {
  return `${name}/conditions/${newResourceId()}`;
}
