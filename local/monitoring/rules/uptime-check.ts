import { invalidArgument, invalidField, missingField } from "../api-error.ts";
import { secondsOf } from "../protos/duration.ts";
import { requireBytes, requireDuration, requireLength, requireRange } from "./limits.ts";
import { checkHttpCheck, type HttpCheck } from "./uptime-http-check.ts";
import { checkUserLabels } from "./user-labels.ts";

/** An uptime check in its canonical form: the fields that the rules and the runner look at. */
export interface UptimeCheck {
  name: string;
  readonly displayName?: string;
  readonly monitoredResource?: {
    readonly type?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly resourceGroup?: object;
  readonly syntheticMonitor?: { readonly cloudFunctionV2?: { readonly name?: string } };
  httpCheck?: HttpCheck;
  readonly tcpCheck?: {
    readonly port?: number;
    readonly pingConfig?: { readonly pingsCount?: number };
  };
  readonly period?: string;
  readonly timeout?: string;
  readonly contentMatchers?: readonly ContentMatcher[];
  checkerType?: string;
  readonly selectedRegions?: readonly string[];
  readonly userLabels?: Readonly<Record<string, string>>;
}

/** What an answer must hold. */
export interface ContentMatcher {
  readonly content?: string;
  readonly matcher?: string;
  readonly jsonPathMatcher?: { readonly jsonPath?: string; readonly jsonMatcher?: string };
}

const FIELD = "uptime_check_config";
const periods = [60, 300, 600, 900];

/** Resources that an uptime check can look at; https://cloud.google.com/monitoring/api/ref_v3/rest/v3/projects.uptimeCheckConfigs */
const resourceTypes: readonly string[] = [
  "aws_ec2_instance",
  "aws_elb_load_balancer",
  "cloud_run_revision",
  "gae_app",
  "gce_instance",
  "k8s_service",
  "servicedirectory_service",
  "uptime_url",
];

/** Checkers in each region; at least three must look. */
const checkersIn: Readonly<Record<string, number>> = {
  USA: 3,
  EUROPE: 1,
  SOUTH_AMERICA: 1,
  ASIA_PACIFIC: 1,
  USA_OREGON: 1,
  USA_IOWA: 1,
  USA_VIRGINIA: 1,
};
const MIN_CHECKERS = 3;

/**
 * Checks an uptime check against the rules of the API that its schema cannot state.
 *
 * @throws ApiError about the first rule that it breaks.
 */
export function checkUptimeCheck(check: UptimeCheck): void {
  const { displayName, period, timeout, httpCheck, tcpCheck, contentMatchers = [] } = check;
  if (!displayName) throw missingField(`${FIELD}.display_name`);
  requireLength(`${FIELD}.display_name`, displayName, 512);
  checkUserLabels(`${FIELD}.user_labels`, check.userLabels);
  checkTarget(check);
  if (!timeout) throw missingField(`${FIELD}.timeout`);
  requireDuration(`${FIELD}.timeout`, timeout, {
    least: 1,
    most: 60,
    rule: "must be from 1 to 60 seconds.",
  });
  if (period !== undefined && !periods.includes(secondsOf(period))) {
    throw invalidField(`${FIELD}.period`, period, "must be 60s, 300s, 600s or 900s.");
  }
  if (httpCheck) checkHttpCheck(`${FIELD}.http_check`, httpCheck);
  if (tcpCheck) {
    if (!tcpCheck.port) throw missingField(`${FIELD}.tcp_check.port`);
    requireRange(`${FIELD}.tcp_check.port`, tcpCheck.port, 1, 65_535);
    requireRange(
      `${FIELD}.tcp_check.ping_config.pings_count`,
      tcpCheck.pingConfig?.pingsCount ?? 0,
      0,
      3,
    );
  }
  if (contentMatchers.length > 1) {
    throw invalidField(
      `${FIELD}.content_matchers`,
      contentMatchers.length,
      "must not have more than 1 entry.",
    );
  }
  for (const matcher of contentMatchers) checkMatcher(`${FIELD}.content_matchers[0]`, matcher);
  checkCheckers(check);
}

function checkTarget(check: UptimeCheck): void {
  const { monitoredResource, resourceGroup, syntheticMonitor, httpCheck, tcpCheck } = check;
  if (syntheticMonitor) {
    if (httpCheck || tcpCheck) {
      throw invalidArgument("A synthetic monitor must not have an http_check or a tcp_check.");
    }
    if (!syntheticMonitor.cloudFunctionV2?.name) {
      throw missingField(`${FIELD}.synthetic_monitor.cloud_function_v2.name`);
    }
    return;
  }
  if (!monitoredResource && !resourceGroup) throw missingField(`${FIELD}.resource`);
  if (!httpCheck && !tcpCheck) throw missingField(`${FIELD}.check_request_type`);
  if (!monitoredResource) return;
  const field = `${FIELD}.monitored_resource`;
  const { type = "", labels = {} } = monitoredResource;
  if (!resourceTypes.includes(type)) {
    throw invalidField(`${field}.type`, type, `must be one of ${resourceTypes.join(", ")}.`);
  }
  if (type !== "uptime_url") return;
  for (const label of ["host", "project_id"]) {
    if (!labels[label]) throw missingField(`${field}.labels[${label}]`);
  }
}

function checkMatcher(field: string, { content, matcher, jsonPathMatcher }: ContentMatcher): void {
  if (!content) throw missingField(`${field}.content`);
  requireBytes(`${field}.content`, content, 1024);
  const isJson = matcher?.endsWith("JSON_PATH") ?? false;
  if (isJson && !jsonPathMatcher?.jsonPath) {
    throw missingField(`${field}.json_path_matcher.json_path`);
  }
  if (!isJson && jsonPathMatcher) {
    throw invalidField(
      `${field}.matcher`,
      matcher ?? "CONTAINS_STRING",
      "must be MATCHES_JSON_PATH or NOT_MATCHES_JSON_PATH when json_path_matcher is given.",
    );
  }
}

function checkCheckers({
  checkerType,
  monitoredResource,
  selectedRegions = [],
}: UptimeCheck): void {
  const isPrivate = monitoredResource?.type === "servicedirectory_service";
  if (checkerType === "VPC_CHECKERS" && !isPrivate) {
    throw invalidField(
      `${FIELD}.checker_type`,
      checkerType,
      "is only for the monitored resource servicedirectory_service.",
    );
  }
  if (selectedRegions.length === 0) return;
  const checkers = [...new Set(selectedRegions)].reduce(
    (sum, region) => sum + (checkersIn[region] ?? 0),
    0,
  );
  if (checkers < MIN_CHECKERS) {
    throw invalidField(
      `${FIELD}.selected_regions`,
      selectedRegions.join(","),
      `must include at least ${MIN_CHECKERS} locations.`,
    );
  }
}
