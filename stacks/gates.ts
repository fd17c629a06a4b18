/** What a roll-out has to stand before it goes on. */
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
 * One question to Prometheus about the pods of the new release, or about what campaigns come to while it rolls out. In its
 * queries `$namespace` is the stack's, and `$version` the label `version` of those pods.
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

/** The configuration keys of {@link Gates}. */
export const gateKeys = ["gates", "gateSoakSeconds", "gateBudgetSeconds", "gateWhenQuiet"] as const;

/** The gates in an environment's configuration, and what is wrong with them. */
export function readGates(value: (key: (typeof gateKeys)[number]) => unknown): {
  readonly gates: Gates;
  readonly problems: readonly string[];
} {
  const gates = {
    soakSeconds: Number(value("gateSoakSeconds")),
    budgetSeconds: Number(value("gateBudgetSeconds")),
    whenQuiet: value("gateWhenQuiet"),
    checks: value("gates"),
  } as Gates;
  const problem = (key: (typeof gateKeys)[number], rule: string): string =>
    `marketing-stack:${key} must ${rule}, got ${JSON.stringify(value(key))}`;
  const isSeconds = (seconds: number): boolean =>
    Number.isInteger(seconds) && seconds >= 1 && seconds <= 86_400;
  const rule = "be a whole number from 1 to 86400";
  const problems = [
    ...(isSeconds(gates.soakSeconds) ? [] : [problem("gateSoakSeconds", rule)]),
    ...(isSeconds(gates.budgetSeconds) ? [] : [problem("gateBudgetSeconds", rule)]),
    ...(["return", "proceed"].includes(gates.whenQuiet)
      ? []
      : [problem("gateWhenQuiet", "be return or proceed")]),
    ...(Array.isArray(gates.checks)
      ? gates.checks.flatMap((check, index) =>
          checkProblems(`marketing-stack:gates[${index}]`, check),
        )
      : [problem("gates", "be a list of checks")]),
  ];
  return { gates, problems };
}

function checkProblems(key: string, check: unknown): string[] {
  if (!isObject(check)) return [`${key} must be an object, got ${JSON.stringify(check)}`];
  const { name, service, query, most, samples, leastSamples, ...unknown } = check;
  const problem = (field: string, rule: string, found: unknown): string =>
    `${key}.${field} must ${rule}, got ${JSON.stringify(found)}`;
  const isText = (text: unknown): boolean => typeof text === "string" && text.trim() !== "";
  return [
    ...Object.keys(unknown).map(
      (name) => `${key}.${name} must be a key of a gate, got one that is not`,
    ),
    ...(isText(name) ? [] : [problem("name", "say what is checked", name)]),
    ...(service === "collector" || service === "worker"
      ? []
      : [problem("service", "be collector or worker", service)]),
    ...(isText(query) && /\$version|\bmkt_/.test(String(query))
      ? []
      : [problem("query", 'be PromQL with version="$version", or of campaigns (mkt_…)', query)]),
    ...(typeof most === "number" ? [] : [problem("most", "be a number", most)]),
    ...(samples === undefined || isText(samples) ? [] : [problem("samples", "be PromQL", samples)]),
    ...((samples === undefined) === (leastSamples === undefined) &&
    (leastSamples === undefined || typeof leastSamples === "number")
      ? []
      : [problem("leastSamples", "be a number exactly where samples is PromQL", leastSamples)]),
  ];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
