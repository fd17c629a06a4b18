import { randomBytes } from "node:crypto";
import { invalidArgument } from "../api-error.ts";
import { pageOf } from "../listing.ts";
import { applyMask } from "../protos/field-mask.ts";
import { schema, type Message } from "../protos/schema.ts";
import { requireQuota } from "../rules/quotas.ts";
import { checkUptimeCheck, type UptimeCheck } from "../rules/uptime-check.ts";
import { withSecrets, withoutSecrets } from "../rules/uptime-secrets.ts";
import type { Project } from "../state/state.ts";
import { add, entityNamed, idIn } from "./entity.ts";
import type { Resource } from "./resource.ts";

const KIND = "uptimeCheckConfigs";
const type = schema.lookupType("google.monitoring.v3.UptimeCheckConfig");

/** Uptime checks: `projects/*\/uptimeCheckConfigs`. */
export const uptimeCheckConfigs: Resource = {
  service: "google.monitoring.v3.UptimeCheckService",
  methods: {
    ListUptimeCheckConfigs: async (request, { state }) => {
      const all = Object.values(state.read(request["parent"] as string).collection(KIND));
      const { items, nextPageToken, totalSize } = pageOf(all.map(shown), request);
      return { uptimeCheckConfigs: items, nextPageToken, totalSize };
    },

    GetUptimeCheckConfig: async (request, { state }) => {
      const name = request["name"] as string;
      return shown(checkNamed(state.read(name), name));
    },

    CreateUptimeCheckConfig: async (request, { state }) => {
      const check = structuredClone(request["uptimeCheckConfig"] ?? {}) as UptimeCheck;
      checkUptimeCheck(check);
      return state.change(request["parent"] as string, async (project) => {
        requireQuota(project, KIND);
        const name = `projects/${project.id}/${KIND}/${newCheckId(check.displayName!)}`;
        return shown(add(project, KIND, name, { ...completed(check), name }));
      });
    },

    UpdateUptimeCheckConfig: async (request, { state }) => {
      const given = request["uptimeCheckConfig"] as Message;
      const name = given["name"] as string;
      return state.change(name, async (project) => {
        const stored = checkNamed(project, name) as unknown as UptimeCheck;
        const mask = request["updateMask"] as string | undefined;
        const masked = applyMask(type, mask, stored as unknown as Message, given);
        const check = withSecrets(masked as unknown as UptimeCheck, stored);
        checkUptimeCheck(check);
        requireSameTarget(check, stored);
        return shown(
          (project.collection(KIND)[stored.name] = { ...completed(check), name: stored.name }),
        );
      });
    },

    DeleteUptimeCheckConfig: async (request, { state }) => {
      const name = request["name"] as string;
      return state.change(name, async (project) => {
        const own = checkNamed(project, name)["name"] as string;
        const policies = Object.values(project.collection("alertPolicies"));
        if (policies.some((policy) => JSON.stringify(policy).includes(idIn(own)))) {
          throw invalidArgument(
            `Cannot delete check ${idIn(own)}. One or more alerting policies is using it. Delete the alerting policies first and then try again.`,
          );
        }
        Reflect.deleteProperty(project.collection(KIND), own);
        return {};
      });
    },
  },
};

function checkNamed(project: Project, name: string): Message {
  const message = `Config not found for check ${idIn(name)} in project ${project.id}`;
  return entityNamed(project, KIND, name, message);
}

function shown(check: Message): Message {
  return withoutSecrets(check as unknown as UptimeCheck) as unknown as Message;
}

/** The check with what the server decides where the caller says nothing. */
function completed(check: UptimeCheck): Message {
  const { httpCheck, syntheticMonitor } = check;
  return {
    ...check,
    period: check.period ?? "60s",
    ...(syntheticMonitor ? {} : { checkerType: check.checkerType ?? "STATIC_IP_CHECKERS" }),
    ...(httpCheck
      ? {
          httpCheck: {
            ...httpCheck,
            requestMethod: httpCheck.requestMethod ?? "GET",
            path: httpCheck.path ?? "/",
            port: httpCheck.port ?? (httpCheck.useSsl ? 443 : 80),
          },
        }
      : {}),
  };
}

/** What a check looks at is fixed: another target is another check. */
function requireSameTarget(check: UptimeCheck, stored: UptimeCheck): void {
  for (const field of ["monitoredResource", "resourceGroup", "syntheticMonitor"] as const) {
    if (JSON.stringify(check[field]) !== JSON.stringify(stored[field])) {
      const path = field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
      throw invalidArgument(`Field uptime_check_config.${path} must not change.`);
    }
  }
}

function newCheckId(displayName: string): string {
  const slug = displayName.toLowerCase().replace(/[^a-z0-9]+/g, "-");
  return `${slug.slice(0, 40).replace(/^-|-$/g, "")}-${randomBytes(8).toString("base64url")}`;
}
