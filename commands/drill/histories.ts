import type { PastSeries } from "./back-filled.ts";

/** What happened before an alert, in series that cannot be made in a few minutes. */
export interface History {
  /** How long ago it went wrong, in seconds: less than the alert promises, by the time that it has yet to hold. */
  readonly ageSeconds: number;
  readonly series: readonly PastSeries[];
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;

/** Histories by alert: of what is compared with past weeks or counted over hours and days. */
export const histories: Readonly<Record<string, History>> = {
  ConversionDrop: {
    ageSeconds: 50 * MINUTE,
    series: [
      counter("mkt_sessions_total", { campaign: "drill" }, 1, 1),
      counter("mkt_conversions_total", { campaign: "drill" }, 0.1, 0),
    ],
  },
  SampleRatioMismatch: {
    ageSeconds: 12 * HOUR,
    series: [
      counter("mkt_experiment_exposures_total", { experiment: "drill", variant: "a" }, 0.1, 0.1),
      counter("mkt_experiment_exposures_total", { experiment: "drill", variant: "b" }, 0.1, 0.05),
      gauge("mkt_experiment_expected_share", { experiment: "drill", variant: "a" }, 0.5, 0.5),
      gauge("mkt_experiment_expected_share", { experiment: "drill", variant: "b" }, 0.5, 0.5),
    ],
  },
  BudgetProjected: {
    ageSeconds: 10 * MINUTE,
    series: [
      // A burst that would spend the day's budget in minutes, so that it tells before midnight too.
      counter("ad_spend_today_currency", { account: "drill", campaign: "drill" }, 0, 1),
      gauge("ad_daily_budget_currency", { campaign: "drill" }, 400, 400),
    ],
  },
  ComplaintRateHigh: mail("complained", 0.02),
  UnsubscribeRateHigh: mail("unsubscribed", 1),
  NegativeMentionSpike: {
    ageSeconds: 5 * MINUTE,
    series: [counter("brand_mentions_total", { brand: "drill", sentiment: "negative" }, 0.001, 1)],
  },
  WebhookLate: {
    ageSeconds: 8 * MINUTE,
    series: [
      counter("cms_webhook_delivery_lag_seconds_bucket", { le: "1" }, 1, 0),
      counter("cms_webhook_delivery_lag_seconds_bucket", { le: "60" }, 1, 0),
      counter("cms_webhook_delivery_lag_seconds_bucket", { le: "300" }, 1, 1),
      counter("cms_webhook_delivery_lag_seconds_bucket", { le: "+Inf" }, 1, 1),
      counter("cms_webhook_delivery_lag_seconds_count", {}, 1, 1),
    ],
  },
  ChangeFailureRateHigh: {
    ageSeconds: 5 * MINUTE,
    series: [
      counter("deployments_total", { env: "prod", service: "cms", outcome: "failed" }, 0, 0.05),
      counter("deployments_total", { env: "prod", service: "cms", outcome: "succeeded" }, 0, 0.05),
    ],
  },
  LeadTimeHigh: {
    ageSeconds: 5 * MINUTE,
    series: ["86400", "172800", "604800", "+Inf"].map((le) =>
      counter(
        "deployment_lead_time_seconds_bucket",
        { env: "prod", service: "cms", le },
        0,
        Number(le === "604800" || le === "+Inf") * 0.05,
      ),
    ),
  },
  EventVolumeDrop: {
    ageSeconds: 11 * MINUTE,
    series: [counter("collector_events_total", { source: "website", outcome: "stored" }, 10, 0)],
  },
  EventVolumeSpike: {
    ageSeconds: 11 * MINUTE,
    series: [counter("collector_events_total", { source: "website", outcome: "stored" }, 10, 100)],
  },
  CmsErrorBudgetSlow: slowErrors("cms"),
  CollectorErrorBudgetSlow: slowErrors("collector"),
  WorkerErrorBudgetSlow: slowErrors("worker"),
};

function counter(
  name: string,
  labels: Readonly<Record<string, string>>,
  before: number,
  after: number,
): PastSeries {
  return { kind: "counter", name, labels, before, after };
}

function gauge(
  name: string,
  labels: Readonly<Record<string, string>>,
  before: number,
  after: number,
): PastSeries {
  return { kind: "gauge", name, labels, before, after };
}

/** A mailing of ten mails a second, to which people do `outcome`, so many in a second. */
function mail(outcome: string, perSecond: number): History {
  return {
    ageSeconds: 3 * MINUTE,
    series: [
      counter("mkt_mail_messages_total", { campaign: "drill", outcome: "sent" }, 0, 10),
      counter("mkt_mail_messages_total", { campaign: "drill", outcome }, 0, perSecond),
    ],
  };
}

/** A service that fails two of a hundred requests for five hours. */
function slowErrors(service: string): History {
  return {
    ageSeconds: 5 * HOUR,
    series: [
      counter("http_server_requests_total", { service, code: "200" }, 1, 0.98),
      counter("http_server_requests_total", { service, code: "500" }, 0, 0.02),
    ],
  };
}
