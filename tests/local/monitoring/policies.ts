import type { Body } from "./emulator.ts";

/** A policy with one PromQL condition. */
export function promqlPolicy(): Body {
  return {
    displayName: "services/CmsDown",
    combiner: "OR",
    severity: "CRITICAL",
    userLabels: { group: "services" },
    documentation: {
      content: "No CMS pod answers.",
      mimeType: "text/markdown",
      links: [{ displayName: "runbook", url: "https://example.com/CmsDown.md" }],
    },
    alertStrategy: { autoClose: "1800s", notificationPrompts: ["OPENED", "CLOSED"] },
    conditions: [
      {
        displayName: "CmsDown",
        conditionPrometheusQueryLanguage: {
          query: '(sum(up{job="cms"}) or vector(0)) < 0.5',
          duration: "120s",
          evaluationInterval: "30s",
          labels: { severity: "critical" },
          ruleGroup: "services",
          alertRule: "CmsDown",
          disableMetricValidation: true,
        },
      },
    ],
  };
}

/** A policy with one threshold condition. */
export function thresholdPolicy(): Body {
  return {
    displayName: "CPU",
    combiner: "OR",
    conditions: [
      {
        displayName: "CPU is busy",
        conditionThreshold: {
          filter:
            'metric.type="compute.googleapis.com/instance/cpu/utilization" AND resource.type="gce_instance"',
          comparison: "COMPARISON_GT",
          thresholdValue: 0.9,
          duration: "60s",
          trigger: { count: 1 },
          aggregations: [
            {
              alignmentPeriod: "60s",
              perSeriesAligner: "ALIGN_MEAN",
              crossSeriesReducer: "REDUCE_MAX",
              groupByFields: ["resource.label.zone"],
            },
          ],
        },
      },
    ],
  };
}

/** A policy with one condition on the absence of a metric. */
export function absencePolicy(): Body {
  return {
    displayName: "Silence",
    combiner: "OR",
    conditions: [
      {
        displayName: "Nothing arrives",
        conditionAbsent: {
          filter: 'metric.type="custom.googleapis.com/beat" AND resource.type="global"',
          duration: "300s",
          trigger: { percent: 100 },
        },
      },
    ],
  };
}

/** A policy with one condition on log entries. */
export function logPolicy(): Body {
  return {
    displayName: "Panics",
    combiner: "OR",
    alertStrategy: { notificationRateLimit: { period: "300s" }, notificationPrompts: ["OPENED"] },
    conditions: [
      {
        displayName: "A panic is logged",
        conditionMatchedLog: {
          filter: 'severity=ERROR AND textPayload:"panic"',
          labelExtractors: { pod: "EXTRACT(resource.labels.pod_name)" },
        },
      },
    ],
  };
}

/** A policy with one condition in SQL. */
export function sqlPolicy(): Body {
  return {
    displayName: "Errors a day",
    combiner: "OR",
    conditions: [
      {
        displayName: "Many rows",
        conditionSql: {
          query: "SELECT timestamp FROM `p.global._Default._AllLogs`",
          daily: { periodicity: 1, executionTime: { hours: 12 } },
          rowCountTest: { comparison: "COMPARISON_GT", threshold: "20" },
        },
      },
    ],
  };
}

/** A policy with one condition in the Monitoring Query Language. */
export function mqlPolicy(): Body {
  return {
    displayName: "Quota",
    combiner: "OR",
    conditions: [
      {
        displayName: "Quota is short",
        conditionMonitoringQueryLanguage: {
          query: "fetch consumer_quota | condition val() > 0.8",
          duration: "60s",
          trigger: { count: 1 },
        },
      },
    ],
  };
}
