/** What a roll-out has to stand before it goes on, as the key `gates` has it. */
export interface Gates {
  /** How long each step is watched once there is enough to judge it by. */
  readonly soakSeconds: number;
  /** How long each step may take until there is. */
  readonly budgetSeconds: number;
  /** What happens to a step that saw too little in that time. */
  readonly whenQuiet: "return" | "proceed";
  readonly checks: readonly GateCheck[];
}

/**
 * One question to Prometheus about the pods of the new release. In its queries `$namespace` is the stack's, and `$version`
 * the label `version` of those pods.
 */
export interface GateCheck {
  readonly name: string;
  /** The check is left out while no pod of this service runs the new release. */
  readonly service: "collector" | "worker";
  /** PromQL of one number. */
  readonly query: string;
  /** The most that the number may be. */
  readonly most: number;
  /** PromQL of how much the number rests on, and the least that is enough. @default - one value is enough */
  readonly samples?: string;
  readonly leastSamples?: number;
}

/** What is wrong with the value of the key `gates`; empty if it will do. */
export function gateProblems(value: unknown): string[] {
  const key = "marketing-stack:gates";
  if (!isObject(value)) {
    return [`${key} must be an object with soakSeconds and checks, got ${JSON.stringify(value)}`];
  }
  const { soakSeconds, budgetSeconds, whenQuiet, checks, ...unknown } = value;
  const seconds = (name: string, found: unknown): string[] =>
    Number.isInteger(found) && (found as number) >= 1 && (found as number) <= 86_400
      ? []
      : [`${key}.${name} must be a whole number from 1 to 86400, got ${JSON.stringify(found)}`];
  return [
    ...unknownProblems(key, unknown),
    ...seconds("soakSeconds", soakSeconds),
    ...seconds("budgetSeconds", budgetSeconds),
    ...(whenQuiet === "return" || whenQuiet === "proceed"
      ? []
      : [`${key}.whenQuiet must be return or proceed, got ${JSON.stringify(whenQuiet)}`]),
    ...(Array.isArray(checks)
      ? checks.flatMap((check, index) => checkProblems(`${key}.checks[${index}]`, check))
      : [`${key}.checks must be a list, got ${JSON.stringify(checks)}`]),
  ];
}

function checkProblems(key: string, check: unknown): string[] {
  if (!isObject(check)) return [`${key} must be an object, got ${JSON.stringify(check)}`];
  const { name, service, query, most, samples, leastSamples, ...unknown } = check;
  const problem = (field: string, rule: string, found: unknown): string =>
    `${key}.${field} must ${rule}, got ${JSON.stringify(found)}`;
  const isText = (text: unknown): boolean => typeof text === "string" && text.trim() !== "";
  return [
    ...unknownProblems(key, unknown),
    ...(isText(name) ? [] : [problem("name", "say what is checked", name)]),
    ...(service === "collector" || service === "worker"
      ? []
      : [problem("service", "be collector or worker", service)]),
    ...(isText(query) && String(query).includes("$version")
      ? []
      : [problem("query", 'be PromQL with version="$version"', query)]),
    ...(typeof most === "number" ? [] : [problem("most", "be a number", most)]),
    ...(samples === undefined || isText(samples) ? [] : [problem("samples", "be PromQL", samples)]),
    ...((samples === undefined) === (leastSamples === undefined) &&
    (leastSamples === undefined || typeof leastSamples === "number")
      ? []
      : [problem("leastSamples", "be a number exactly where samples is PromQL", leastSamples)]),
  ];
}

function unknownProblems(key: string, unknown: object): string[] {
  return Object.keys(unknown).map(
    (name) => `${key}.${name} must be a key of gates, got one that is not`,
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
