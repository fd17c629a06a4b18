import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";

/** What a service promises. */
export interface Objective {
  /** What people call the service, at most 500 characters. */
  readonly title: string;

  /** Share of its requests that it does not fail, over 0 and at most 0.9999. */
  readonly goal: number;

  /** Days over which the share is taken, 1-30. */
  readonly days: number;
}

/** Arguments of {@link ServiceObjectives}. */
export interface ServiceObjectivesArgs {
  /** Google Cloud project. */
  readonly project: string;

  /** Labels of everything that takes some. */
  readonly labels: Readonly<Record<string, string>>;

  /** Objectives by service, as metrics name it in label `service`. */
  readonly objectives: Readonly<Record<string, Objective>>;
}

/**
 * What the services promise, for people to see how much of the error budget is left. The catalogue alerts on it, in PromQL.
 *
 * Creates one `CustomService` and one `Slo` per service, from what pods count of their requests in
 * `http_server_requests_total`.
 *
 * @throws Error naming the objective whose goal or days the API would refuse.
 */
export class ServiceObjectives extends pulumi.ComponentResource {
  constructor(name: string, args: ServiceObjectivesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("marketing-stack:infra:ServiceObjectives", name, {}, opts);
    for (const [service, objective] of Object.entries(args.objectives)) {
      requireValid(service, objective);
    }

    const { project, labels } = args;
    for (const [id, { title, goal, days }] of Object.entries(args.objectives)) {
      const service = new gcp.monitoring.CustomService(
        `${name}-${id}`,
        { project, serviceId: id, displayName: title, userLabels: labels },
        { parent: this },
      );
      new gcp.monitoring.Slo(
        `${name}-${id}-availability`,
        {
          project,
          service: service.serviceId,
          sloId: "availability",
          displayName: `${title}: ${Number((goal * 100).toFixed(2))} % of requests do not fail, in ${days} days`,
          goal,
          rollingPeriodDays: days,
          requestBasedSli: {
            goodTotalRatio: {
              badServiceFilter: `${requestsOf(id)} metric.labels.code=monitoring.regex.full_match("5..")`,
              totalServiceFilter: requestsOf(id),
            },
          },
          userLabels: labels,
        },
        { parent: this },
      );
    }
    this.registerOutputs({});
  }
}

/** Filter of a service's requests, as Managed Prometheus names what it scraped. */
function requestsOf(service: string): string {
  return [
    'metric.type="prometheus.googleapis.com/http_server_requests_total/counter"',
    'resource.type="prometheus_target"',
    `metric.labels.service="${service}"`,
  ].join(" ");
}

function requireValid(service: string, { goal, days }: Objective): void {
  if (!(goal > 0 && goal <= 0.9999)) {
    throw new Error(`goal of ${service} must be over 0 and 0.9999 at most, got ${goal}`);
  }
  if (!Number.isInteger(days) || days < 1 || days > 30) {
    throw new Error(`days of ${service} must be a whole number from 1 to 30, got ${days}`);
  }
}
