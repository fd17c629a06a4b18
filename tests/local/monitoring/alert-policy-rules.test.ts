import { startEmulator, type Body, type Emulator } from "./emulator.ts";
import {
  absencePolicy,
  logPolicy,
  mqlPolicy,
  promqlPolicy,
  sqlPolicy,
  thresholdPolicy,
} from "./policies.ts";

type Mutation = (policy: Body) => void;
type Row = readonly [rule: string, policy: () => Body, mutate: Mutation, message: string];

const CONDITION = "alert_policy.conditions[0]";
const promql = (policy: Body): Body => policy.conditions[0].conditionPrometheusQueryLanguage;
const threshold = (policy: Body): Body => policy.conditions[0].conditionThreshold;
const absence = (policy: Body): Body => policy.conditions[0].conditionAbsent;
const sql = (policy: Body): Body => policy.conditions[0].conditionSql;
const mql = (policy: Body): Body => policy.conditions[0].conditionMonitoringQueryLanguage;

/** One broken policy per rule, and what the caller reads. */
const rules: readonly Row[] = [
  // The policy.
  [
    "display name given",
    promqlPolicy,
    (p) => delete p.displayName,
    "Request was missing field alert_policy.display_name",
  ],
  [
    "display name length",
    promqlPolicy,
    (p) => (p.displayName = "x".repeat(513)),
    'had an invalid value of "' + "x".repeat(513) + '": must not exceed 512 characters, has 513.',
  ],
  [
    "combiner given",
    promqlPolicy,
    (p) => delete p.combiner,
    'Field alert_policy.combiner had an invalid value of "COMBINE_UNSPECIFIED": must be specified.',
  ],
  [
    "conditions given",
    promqlPolicy,
    (p) => (p.conditions = []),
    "Request was missing field alert_policy.conditions",
  ],
  [
    "at most 6 conditions",
    thresholdPolicy,
    (p) => (p.conditions = Array(7).fill(p.conditions[0])),
    'Field alert_policy.conditions had an invalid value of "7": must not have more than 6 entries.',
  ],
  [
    "condition of a kind",
    promqlPolicy,
    (p) => (p.conditions = [{ displayName: "c" }]),
    `Field ${CONDITION}.condition_case had an invalid value of "0": Condition subtype (e.g. "condition_absent","condition_threshold", etc.) is absent or unknown.`,
  ],
  [
    "PromQL alone",
    promqlPolicy,
    (p) => p.conditions.push(thresholdPolicy().conditions[0]),
    "Alert policies with a PromQL condition can only have a single condition.",
  ],
  [
    "log match alone",
    logPolicy,
    (p) => p.conditions.push(thresholdPolicy().conditions[0]),
    "Alert policies with a log matching condition can only have a single condition.",
  ],
  [
    "SQL alone",
    sqlPolicy,
    (p) => p.conditions.push(p.conditions[0]),
    "Alert policies with a SQL condition can only have a single condition.",
  ],
  [
    "MQL alone",
    mqlPolicy,
    (p) => p.conditions.push(p.conditions[0]),
    "Alert policies with a Monitoring Query Language condition can only have a single condition.",
  ],
  [
    "at most 16 channels",
    promqlPolicy,
    (p) => (p.notificationChannels = Array(17).fill("x")),
    'Field alert_policy.notification_channels had an invalid value of "17": must not have more than 16 entries.',
  ],
  [
    "channel names",
    promqlPolicy,
    (p) => (p.notificationChannels = ["ops"]),
    "Name must begin with 'projects/{project_id}/notificationChannels/{channel_id}', got: ops",
  ],
  // User labels.
  [
    "label key form",
    promqlPolicy,
    (p) => (p.userLabels = { "1st": "x" }),
    "Label keys must begin with a letter and contain only lowercase letters, numerals, underscores, and dashes.",
  ],
  [
    "label value form",
    promqlPolicy,
    (p) => (p.userLabels = { team: "Growth Team" }),
    "Label values can contain only lowercase letters, numerals, underscores, and dashes.",
  ],
  [
    "label length",
    promqlPolicy,
    (p) => (p.userLabels = { team: "x".repeat(64) }),
    "Label keys and values are limited to 63 characters and 128 bytes.",
  ],
  [
    "label count",
    promqlPolicy,
    (p) =>
      (p.userLabels = Object.fromEntries(Array.from({ length: 65 }, (_, n) => [`k${n}`, "v"]))),
    'Field alert_policy.user_labels had an invalid value of "65": must not have more than 64 entries.',
  ],
  // Documentation.
  [
    "content characters",
    promqlPolicy,
    (p) => (p.documentation.content = "x".repeat(8193)),
    "must not exceed 8192 characters, has 8193.",
  ],
  [
    "content bytes",
    promqlPolicy,
    (p) => (p.documentation.content = "é".repeat(5200)),
    "must not exceed 10240 bytes, has 10400.",
  ],
  [
    "subject bytes",
    promqlPolicy,
    (p) => (p.documentation.subject = "x".repeat(10241)),
    "must not exceed 10240 bytes, has 10241.",
  ],
  [
    "MIME type",
    promqlPolicy,
    (p) => (p.documentation.mimeType = "text/html"),
    'Field alert_policy.documentation.mime_type had an invalid value of "text/html": Only "text/markdown" is supported.',
  ],
  [
    "link count",
    promqlPolicy,
    (p) => (p.documentation.links = Array(4).fill({ displayName: "a", url: "b" })),
    'Field alert_policy.documentation.links had an invalid value of "4": must not have more than 3 entries.',
  ],
  [
    "link name",
    promqlPolicy,
    (p) => delete p.documentation.links[0].displayName,
    "Request was missing field alert_policy.documentation.links[0].display_name",
  ],
  [
    "link address",
    promqlPolicy,
    (p) => (p.documentation.links[0].url = "x".repeat(2084)),
    "must not exceed 2083 characters, has 2084.",
  ],
  // Strategy.
  [
    "rate limit on logs only",
    promqlPolicy,
    (p) => (p.alertStrategy.notificationRateLimit = { period: "3600s" }),
    'Field alertStrategy.notificationRateLimit had an invalid value of "period { seconds: 3600 }": only log-based alert policies may specify a notification rate limit',
  ],
  [
    "rate limit on logs",
    logPolicy,
    (p) => delete p.alertStrategy.notificationRateLimit,
    "Request was missing field alertStrategy.notificationRateLimit",
  ],
  [
    "auto-close too short",
    promqlPolicy,
    (p) => (p.alertStrategy.autoClose = "600s"),
    'Field alertStrategy.autoClose had an invalid value of "seconds: 600": the autoclose duration should be at least 30 minutes',
  ],
  [
    "auto-close too long",
    promqlPolicy,
    (p) => (p.alertStrategy.autoClose = "604860s"),
    "the autoclose duration should be at most 7 days",
  ],
  [
    "prompts",
    promqlPolicy,
    (p) => (p.alertStrategy.notificationPrompts = ["CLOSED"]),
    'Field alertStrategy.notificationPrompts had an invalid value of "CLOSED": the notification prompts must be [OPENED] or [OPENED, CLOSED]',
  ],
  [
    "prompts of logs",
    logPolicy,
    (p) => (p.alertStrategy.notificationPrompts = ["OPENED", "CLOSED"]),
    "the notification prompts of log-based alert policies must be [OPENED]",
  ],
  [
    "renotify interval",
    promqlPolicy,
    (p) => (p.alertStrategy.notificationChannelStrategy = [{ renotifyInterval: "60s" }]),
    "the renotify interval should be from 30 minutes to 24 hours",
  ],
  [
    "strategy for a channel of the policy",
    promqlPolicy,
    (p) =>
      (p.alertStrategy.notificationChannelStrategy = [
        { notificationChannelNames: ["projects/demo/notificationChannels/1"] },
      ]),
    "must also be in the policy's notification_channels",
  ],
  // PromQL.
  [
    "query given",
    promqlPolicy,
    (p) => (promql(p).query = ""),
    `Request was missing field ${CONDITION}.condition_prometheus_query_language.query`,
  ],
  [
    "query parses",
    promqlPolicy,
    (p) => (promql(p).query = "wrong("),
    `Field ${CONDITION}.condition_prometheus_query_language.query had an invalid value of "wrong(": Could not parse PromQL query: 1:7: parse error`,
  ],
  [
    "duration not negative",
    promqlPolicy,
    (p) => (promql(p).duration = "-1s"),
    'duration had an invalid value of "seconds: -1": must be a non-negative duration.',
  ],
  [
    "interval of 30 s",
    promqlPolicy,
    (p) => (promql(p).evaluationInterval = "45s"),
    'evaluation_interval had an invalid value of "seconds: 45": must be a positive multiple of 30 seconds.',
  ],
  [
    "interval positive",
    promqlPolicy,
    (p) => (promql(p).evaluationInterval = "0s"),
    "must be a positive multiple of 30 seconds.",
  ],
  [
    "rule name",
    promqlPolicy,
    (p) => (promql(p).alertRule = "cms-down"),
    'alert_rule had an invalid value of "cms-down": must be a valid Prometheus label name.',
  ],
  [
    "group length",
    promqlPolicy,
    (p) => (promql(p).ruleGroup = "x".repeat(2049)),
    "must not exceed 2048 characters, has 2049.",
  ],
  [
    "label name",
    promqlPolicy,
    (p) => (promql(p).labels = { "a-b": "c" }),
    'labels had an invalid value of "a-b": must be a valid Prometheus label name.',
  ],
  // Threshold.
  [
    "filter given",
    thresholdPolicy,
    (p) => delete threshold(p).filter,
    `Request was missing field ${CONDITION}.condition_threshold.filter`,
  ],
  [
    "filter length",
    thresholdPolicy,
    (p) => (threshold(p).filter += ` AND metric.labels.a="${"x".repeat(2048)}"`),
    "must not exceed 2048 characters",
  ],
  [
    "filter with resource type",
    thresholdPolicy,
    (p) => (threshold(p).filter = 'metric.type="a"'),
    `Field ${CONDITION}.condition_threshold.filter had an invalid value of "metric.type="a"": must specify a restriction on "resource.type" in the filter; see "https://cloud.google.com/monitoring/api/resources" for a list of available resource types.`,
  ],
  [
    "filter with metric type",
    thresholdPolicy,
    (p) => (threshold(p).filter = 'resource.type="a"'),
    'must specify a restriction on "metric.type" in the filter',
  ],
  [
    "filter with one resource type",
    thresholdPolicy,
    (p) => (threshold(p).filter += ' AND resource.type="b"'),
    'must not restrict "resource.type" more than once.',
  ],
  [
    "filter parses",
    thresholdPolicy,
    (p) =>
      (threshold(p).filter =
        'metric.type="a"\nresource.type="b"\n  metadata.system_labels."name"=~".*"'),
    "syntax error at line 3, column 32, token '=~'",
  ],
  [
    "comparison",
    thresholdPolicy,
    (p) => (threshold(p).comparison = "COMPARISON_GE"),
    'comparison had an invalid value of "COMPARISON_GE": Only COMPARISON_LT and COMPARISON_GT are supported.',
  ],
  [
    "duration in minutes",
    thresholdPolicy,
    (p) => (threshold(p).duration = "90s"),
    'duration had an invalid value of "seconds: 90": must be a multiple of a minute.',
  ],
  [
    "alignment period given",
    thresholdPolicy,
    (p) => delete threshold(p).aggregations[0].alignmentPeriod,
    "must be at least 60 seconds when an aligner is given.",
  ],
  [
    "alignment period",
    thresholdPolicy,
    (p) => (threshold(p).aggregations[0].alignmentPeriod = "30s"),
    "The alignment period must be at least 60 seconds.",
  ],
  [
    "reducer needs aligner",
    thresholdPolicy,
    (p) => delete threshold(p).aggregations[0].perSeriesAligner,
    'per_series_aligner had an invalid value of "ALIGN_NONE": must be given when a reducer is.',
  ],
  [
    "grouping needs reducer",
    thresholdPolicy,
    (p) => delete threshold(p).aggregations[0].crossSeriesReducer,
    "needs a cross_series_reducer.",
  ],
  [
    "missing data needs duration",
    thresholdPolicy,
    (p) =>
      Object.assign(threshold(p), {
        duration: "0s",
        evaluationMissingData: "EVALUATION_MISSING_DATA_NO_OP",
      }),
    `Field ${CONDITION}.condition_threshold.evaluation_missing_data had an invalid value of "EVALUATION_MISSING_DATA_NO_OP": Conditions setting evaluation_missing_data must have a non-zero duration.`,
  ],
  [
    "forecast horizon",
    thresholdPolicy,
    (p) => (threshold(p).forecastOptions = { forecastHorizon: "60s" }),
    "The forecast horizon must be from 1 hour to 60 hours.",
  ],
  [
    "forecast horizon given",
    thresholdPolicy,
    (p) => (threshold(p).forecastOptions = {}),
    `Request was missing field ${CONDITION}.condition_threshold.forecast_options.forecast_horizon`,
  ],
  [
    "denominator filter",
    thresholdPolicy,
    (p) => (threshold(p).denominatorFilter = 'resource.type="a"'),
    "denominator_filter had an invalid value of",
  ],
  [
    "trigger percent",
    thresholdPolicy,
    (p) => (threshold(p).trigger = { percent: 101 }),
    'percent had an invalid value of "101": must be from 0 to 100.',
  ],
  // Absence, logs, SQL, MQL.
  [
    "absence duration",
    absencePolicy,
    (p) => (absence(p).duration = "60s"),
    "must be at least 120 seconds and a multiple of a minute.",
  ],
  [
    "absence duration given",
    absencePolicy,
    (p) => delete absence(p).duration,
    "must be at least 120 seconds and a multiple of a minute.",
  ],
  [
    "log filter length",
    logPolicy,
    (p) => (p.conditions[0].conditionMatchedLog.filter = "x".repeat(2049)),
    `Field ${CONDITION}.filter had an invalid value of`,
  ],
  [
    "log filter quotes",
    logPolicy,
    (p) => (p.conditions[0].conditionMatchedLog.filter = 'severity=ERROR\n  textPayload="panic'),
    "Unparseable filter: syntax error at line 2, column 15, token '\"'",
  ],
  [
    "log filter parentheses",
    logPolicy,
    (p) => (p.conditions[0].conditionMatchedLog.filter = '(severity="(" OR a=b))'),
    "Unparseable filter: syntax error at line 1, column 22, token ')'",
  ],
  [
    "SQL schedule",
    sqlPolicy,
    (p) => delete sql(p).daily,
    `Request was missing field ${CONDITION}.condition_sql.schedule`,
  ],
  [
    "SQL test",
    sqlPolicy,
    (p) => delete sql(p).rowCountTest,
    `Request was missing field ${CONDITION}.condition_sql.evaluate`,
  ],
  [
    "SQL days",
    sqlPolicy,
    (p) => (sql(p).daily.periodicity = 32),
    'periodicity had an invalid value of "32": must be from 1 to 31.',
  ],
  [
    "SQL minutes",
    sqlPolicy,
    (p) => {
      delete sql(p).daily;
      sql(p).minutes = { periodicity: 4 };
    },
    "must be from 5 to 1440.",
  ],
  [
    "SQL hours",
    sqlPolicy,
    (p) => {
      delete sql(p).daily;
      sql(p).hourly = { periodicity: 1, minuteOffset: 60 };
    },
    'minute_offset had an invalid value of "60": must be from 0 to 59.',
  ],
  [
    "SQL comparison",
    sqlPolicy,
    (p) => (sql(p).rowCountTest.comparison = "COMPARISON_EQ"),
    "Only COMPARISON_LT and COMPARISON_GT are supported.",
  ],
  ["MQL duration", mqlPolicy, (p) => (mql(p).duration = "30s"), "must be a multiple of a minute."],
  [
    "MQL query",
    mqlPolicy,
    (p) => delete mql(p).query,
    `Request was missing field ${CONDITION}.condition_monitoring_query_language.query`,
  ],
];

let emulator: Emulator;

beforeAll(async () => {
  emulator = await startEmulator({
    checkPromql: async (query) => (query.startsWith("wrong") ? "1:7: parse error" : undefined),
  });
});
afterAll(() => emulator.remove());

test.each(rules)("fails on %s", async (_rule, policy, mutate, message) => {
  const broken = policy();
  mutate(broken);
  const { status, body } = await emulator.call("POST", "/v3/projects/demo/alertPolicies", broken);
  expect([status, body.error?.status]).toEqual([400, "INVALID_ARGUMENT"]);
  expect(body.error.message).toContain(message);
});

test("fails on a channel that is not there", async () => {
  const channel = "projects/demo/notificationChannels/1";
  const policy = { ...promqlPolicy(), notificationChannels: [channel] };
  expect(await emulator.call("POST", "/v3/projects/demo/alertPolicies", policy)).toMatchObject({
    status: 404,
    body: { error: { message: `Notification channel not found: ${channel}` } },
  });
});

test("nothing that was refused is kept", async () => {
  expect((await emulator.call("GET", "/v3/projects/demo/alertPolicies")).body).toEqual({});
});

test("an SLO's burn rate needs no metric in its filter", async () => {
  const policy = thresholdPolicy();
  threshold(policy).filter =
    'select_slo_burn_rate("projects/1/services/s/serviceLevelObjectives/o", "3600s")';
  expect((await emulator.call("POST", "/v3/projects/demo/alertPolicies", policy)).status).toBe(200);
});
