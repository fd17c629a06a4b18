/** An alert policy in its canonical form: the fields that the rules and the store look at. */
export interface AlertPolicy {
  name: string;
  readonly displayName?: string;
  readonly documentation?: Documentation;
  readonly userLabels?: Readonly<Record<string, string>>;
  conditions: Condition[];
  readonly combiner?: string;
  enabled?: boolean;
  notificationChannels?: string[];
  alertStrategy?: AlertStrategy;
  creationRecord?: MutationRecord;
  mutationRecord?: MutationRecord;
}

/** Who changed something, and when. */
export interface MutationRecord {
  /** RFC 3339. */
  readonly mutateTime: string;
  readonly mutatedBy?: string;
}

export interface Documentation {
  readonly content?: string;
  readonly mimeType?: string;
  readonly subject?: string;
  readonly links?: readonly { readonly displayName?: string; readonly url?: string }[];
}

export interface Condition {
  name?: string;
  readonly displayName?: string;
  readonly conditionThreshold?: MetricThreshold;
  readonly conditionAbsent?: MetricAbsence;
  readonly conditionMatchedLog?: LogMatch;
  readonly conditionMonitoringQueryLanguage?: MonitoringQueryLanguage;
  readonly conditionPrometheusQueryLanguage?: PrometheusQueryLanguage;
  readonly conditionSql?: Sql;
}

export interface Aggregation {
  readonly alignmentPeriod?: string;
  readonly perSeriesAligner?: string;
  readonly crossSeriesReducer?: string;
  readonly groupByFields?: readonly string[];
}

export interface Trigger {
  readonly count?: number;
  readonly percent?: number;
}

export interface MetricThreshold {
  readonly filter: string;
  readonly aggregations?: readonly Aggregation[];
  readonly denominatorFilter?: string;
  readonly denominatorAggregations?: readonly Aggregation[];
  readonly forecastOptions?: { readonly forecastHorizon: string };
  readonly comparison?: string;
  readonly duration?: string;
  readonly trigger?: Trigger;
  readonly evaluationMissingData?: string;
}

export interface MetricAbsence {
  readonly filter: string;
  readonly aggregations?: readonly Aggregation[];
  readonly duration?: string;
  readonly trigger?: Trigger;
}

export interface LogMatch {
  readonly filter: string;
}

export interface MonitoringQueryLanguage {
  readonly query?: string;
  readonly duration?: string;
  readonly trigger?: Trigger;
  readonly evaluationMissingData?: string;
}

export interface PrometheusQueryLanguage {
  readonly query: string;
  readonly duration?: string;
  readonly evaluationInterval?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly ruleGroup?: string;
  readonly alertRule?: string;
}

export interface Sql {
  readonly minutes?: { readonly periodicity?: number };
  readonly hourly?: { readonly periodicity?: number; readonly minuteOffset?: number };
  readonly daily?: { readonly periodicity?: number };
  readonly rowCountTest?: { readonly comparison?: string };
  readonly booleanTest?: { readonly column: string };
}

export interface AlertStrategy {
  readonly notificationRateLimit?: { readonly period?: string };
  readonly notificationPrompts?: readonly string[];
  readonly autoClose?: string;
  notificationChannelStrategy?: {
    notificationChannelNames?: string[];
    readonly renotifyInterval?: string;
  }[];
}
