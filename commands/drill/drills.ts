import type { Fault } from "./fault.ts";
import { badEvents } from "./faults/bad-events.ts";
import { blockedLoop } from "./faults/blocked-loop.ts";
import { boundlessSpool } from "./faults/boundless-spool.ts";
import { crashingPod } from "./faults/crashing-pod.ts";
import { frozenDatabase } from "./faults/frozen-database.ts";
import { fullSpool } from "./faults/full-spool.ts";
import { missingJobs, missingPages } from "./faults/missing-table.ts";
import { noPods } from "./faults/no-pods.ts";
import { pastWeeks } from "./faults/past-weeks.ts";
import { deadJobs, stuckJob } from "./faults/queue-jobs.ts";
import { shownSeries } from "./faults/shown-series.ts";
import { silentPrometheus } from "./faults/silent-prometheus.ts";
import { unreachableHost } from "./faults/unreachable-host.ts";
import { histories } from "./histories.ts";

/** How an alert is drilled. */
export interface Drill {
  /** Alerts with the same one are drilled by one injection. */
  readonly fault: Fault;
  /** What the notification says that is the alarm. @default "firing" */
  readonly alarm?: "firing" | "resolved";
  /** How long after healing its incident may stay open, in seconds: the range that its expression looks back, and 4 minutes. */
  readonly closesWithinSeconds: number;
}

/** Why an alert is not drilled on one machine, in a sentence. */
export interface NotDrilled {
  readonly reason: string;
}

const MINUTE = 60;

/** A drill, or the reason why there is none, for every alert of the catalogue. */
export const drills: Readonly<Record<string, Drill | NotDrilled>> = {
  CmsDown: drill(noPods("cms")),
  CollectorDown: drill(noPods("collector")),
  WorkerDown: drill(noPods("worker")),
  CmsErrorBudgetFast: drill(missingPages, 5),
  WorkerErrorBudgetFast: drill(missingJobs, 5),
  PublicationsFailing: drill(missingJobs, 15),
  CollectorErrorBudgetFast: drill(fullSpool, 5),
  EventsRefused: drill(fullSpool, 5),
  SpoolFilling: drill(fullSpool),
  SpoolTooOld: drill(frozenDatabase),
  SpoolVolumeFilling: drill(boundlessSpool),
  EventLoopBlocked: drill(blockedLoop),
  CpuSaturated: drill(blockedLoop, 5),
  PodRestarting: drill(crashingPod, 15),
  PublicHostDown: drill(unreachableHost),
  QueueTooOld: drill(stuckJob),
  DeadLettersGrowing: drill(deadJobs),
  BadRowsGrowing: drill(badEvents, 15),
  DeadMansSwitch: { ...drill(silentPrometheus), alarm: "resolved" },
  MetricsStopped: drill(silentPrometheus),

  ConsentViolation: drill(
    shownSeries("consent", [{ series: 'consent_violations_total{destination="drill"}', from: 1 }]),
    10,
  ),
  BudgetExceeded: drill(
    shownSeries("budget", [
      { series: 'ad_spend_today_currency{account="drill",campaign="drill"}', from: 120 },
      { series: 'ad_daily_budget_currency{campaign="drill"}', from: 100 },
    ]),
  ),
  PublicationOverdue: drill(
    shownSeries("publication", [{ series: "cms_scheduled_publish_overdue_seconds", from: 601 }]),
  ),
  BackupTooOld: drill(shownSeries("backup", [{ series: "backup_age_seconds", from: 100_000 }])),
  RetentionLate: drill(
    shownSeries("retention", [
      { series: 'retention_pass_age_seconds{table="drill"}', from: 90_000 },
    ]),
  ),
  RestoreDrillStale: drill(
    shownSeries("restore", [{ series: "restore_drill_age_seconds", from: 4_000_000 }]),
  ),
  DriftFound: drill(shownSeries("drift", [{ series: "drift_changes", from: 1 }])),
  CertificateExpiring: drill(
    shownSeries("certificate", [
      {
        series:
          'monitoring_googleapis_com:uptime_check_time_until_ssl_cert_expires{host="drill.invalid"}',
        from: 3,
      },
    ]),
  ),
  DatabaseDiskFilling: {
    reason: "Only Cloud SQL tells how full its disk is, and one machine has none.",
  },

  ...Object.fromEntries(
    Object.entries(histories).map(([alert, { ageSeconds, series }]) => [
      alert,
      drill(pastWeeks(alert, ageSeconds, series)),
    ]),
  ),
};

/** @param rangeMinutes how far the expression looks back over what is over. */
function drill(fault: Fault, rangeMinutes = 0): Drill {
  return { fault, closesWithinSeconds: (rangeMinutes + 4) * MINUTE };
}
