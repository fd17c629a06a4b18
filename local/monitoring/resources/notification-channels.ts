import { invalidArgument, invalidField } from "../api-error.ts";
import { pageOf } from "../listing.ts";
import { applyMask } from "../protos/field-mask.ts";
import { schema, type Message } from "../protos/schema.ts";
import type { AlertPolicy } from "../rules/alert-policy.ts";
import {
  checkNotificationChannel,
  withCredentials,
  withoutCredentials,
  type NotificationChannel,
} from "../rules/notification-channel.ts";
import { requireQuota } from "../rules/quotas.ts";
import { newResourceId } from "../state/resource-id.ts";
import type { Project } from "../state/state.ts";
import { CALLER } from "./caller.ts";
import { entityNamed } from "./entity.ts";
import type { Resource } from "./resource.ts";

const KIND = "notificationChannels";
const type = schema.lookupType("google.monitoring.v3.NotificationChannel");

/** Most records of changes that a channel keeps: the latest. */
const MAX_RECORDS = 20;

/** Notification channels: `projects/*\/notificationChannels`. */
export const notificationChannels: Resource = {
  service: "google.monitoring.v3.NotificationChannelService",
  methods: {
    ListNotificationChannels: async (request, { state }) => {
      const channels = Object.values(state.read(request["name"] as string).collection(KIND)).map(
        shown,
      );
      const { items, nextPageToken, totalSize } = pageOf(channels, request);
      return { notificationChannels: items, nextPageToken, totalSize };
    },

    GetNotificationChannel: async (request, { state }) => {
      const name = request["name"] as string;
      return shown(entityNamed(state.read(name), KIND, name));
    },

    CreateNotificationChannel: async (request, { state, now }) => {
      const channel = structuredClone(request["notificationChannel"] ?? {}) as NotificationChannel;
      const id = channel.name?.split("/").at(-1);
      if (id)
        throw invalidField("notification_channel.name.channel_id_part", id, "Field must be empty.");
      checkNotificationChannel(channel);
      return state.change(request["name"] as string, async (project) => {
        requireQuota(project, KIND);
        channel.name = `projects/${project.id}/${KIND}/${newResourceId()}`;
        channel.enabled ??= true;
        channel.creationRecord = { mutateTime: now() };
        channel.mutationRecords = [{ mutateTime: now(), mutatedBy: CALLER }];
        return shown(store(project, channel));
      });
    },

    UpdateNotificationChannel: async (request, { state, now }) => {
      const given = request["notificationChannel"] as Message;
      const name = given["name"] as string;
      return state.change(name, async (project) => {
        const stored = entityNamed(project, KIND, name) as unknown as NotificationChannel;
        const mask = request["updateMask"] as string | undefined;
        const masked = applyMask(type, mask, stored as unknown as Message, given);
        const channel = withCredentials(masked as unknown as NotificationChannel, stored);
        checkNotificationChannel(channel);
        channel.name = stored.name;
        channel.enabled ??= true;
        channel.creationRecord = stored.creationRecord!;
        const record = { mutateTime: now(), mutatedBy: CALLER };
        channel.mutationRecords = [...(stored.mutationRecords ?? []), record].slice(-MAX_RECORDS);
        return shown(store(project, channel));
      });
    },

    DeleteNotificationChannel: async (request, { state, now }) => {
      const name = request["name"] as string;
      return state.change(name, async (project) => {
        const channel = entityNamed(project, KIND, name)["name"] as string;
        const users = policiesWith(project, channel);
        if (users.length > 0 && request["force"] !== true) {
          const list = users.map((policy) => `"${policy.name}"`).join(", ");
          throw invalidArgument(
            `Could not delete "${channel}" because it is still being referenced by: ${list}`,
          );
        }
        for (const policy of users) {
          forget(policy, channel);
          policy.mutationRecord = { mutateTime: now(), mutatedBy: CALLER };
        }
        Reflect.deleteProperty(project.collection(KIND), channel);
        return {};
      });
    },
  },
};

function store(project: Project, channel: NotificationChannel): Message {
  return (project.collection(KIND)[channel.name] = channel as unknown as Message);
}

function shown(channel: Message): Message {
  return withoutCredentials(channel as unknown as NotificationChannel) as unknown as Message;
}

function policiesWith(project: Project, channel: string): AlertPolicy[] {
  const policies = Object.values(project.collection("alertPolicies")) as unknown as AlertPolicy[];
  return policies.filter(({ notificationChannels = [] }) => notificationChannels.includes(channel));
}

/** Takes a channel out of a policy, and out of what the policy says about its channels. */
function forget(policy: AlertPolicy, channel: string): void {
  policy.notificationChannels = policy.notificationChannels!.filter((name) => name !== channel);
  for (const strategy of policy.alertStrategy?.notificationChannelStrategy ?? []) {
    strategy.notificationChannelNames = (strategy.notificationChannelNames ?? []).filter(
      (name) => name !== channel,
    );
  }
}
