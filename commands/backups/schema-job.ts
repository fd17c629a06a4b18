/** A Job of `DatabaseSchema`, as the cluster has it or as it is made. */
export interface Job {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly creationTimestamp?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: {
    readonly selector?: object | undefined;
    readonly template: { readonly metadata: { readonly labels: Readonly<Record<string, string>> } };
  };
}

/** Labels that the cluster gives to the pods of one Job only. */
const OWN = /^(batch\.kubernetes\.io\/)?(controller-uid|job-name)$/;

/**
 * The newest of a stack's Jobs with its schema and passwords as it was before it ran, to run again: all that it does may run any
 * number of times.
 *
 * @throws Error if there is none.
 */
export function freshJob(jobs: readonly Job[], stack: string): Job {
  const byAge = jobs.toSorted((a, b) => timeOf(a) - timeOf(b));
  const job = byAge.at(-1);
  if (!job) {
    throw new Error(
      `${stack} must have a Job database-schema, got none; npm run up -- --stack ${stack} makes one`,
    );
  }
  const { name, namespace, annotations } = job.metadata;
  const { template } = job.spec;
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: {
      name,
      ...(namespace !== undefined && { namespace }),
      labels: ofAll(job.metadata.labels ?? {}),
      ...(annotations && { annotations }),
    },
    spec: {
      ...job.spec,
      selector: undefined,
      template: {
        ...template,
        metadata: { ...template.metadata, labels: ofAll(template.metadata.labels) },
      },
    },
  };
}

function timeOf({ metadata }: Job): number {
  return Date.parse(metadata.creationTimestamp ?? "");
}

function ofAll(labels: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).filter(([label]) => !OWN.test(label)));
}
