/** Something that is or was wrong: one alert with one set of labels, from the moment it fired until it did not. */
export interface Incident {
  /** 19 or 20 digits. */
  readonly id: string;
  /** Full name of the policy. */
  readonly policy: string;
  /** Name of the alert. */
  readonly alert: string;
  /** Lower case; "" where the policy does not say. */
  readonly severity: string;
  /** Labels of the alert but those of the policy itself. */
  readonly labels: Readonly<Record<string, string>>;
  /** Value of the expression when the incident opened, as Prometheus writes it. */
  readonly value: string;
  /** What is wrong, in a sentence. */
  readonly summary: string;
  /** RFC 3339. */
  readonly openedAt: string;
  readonly closedAt: string | null;
  /** Why it closed; null while it is open. */
  readonly reason: string | null;
}

/** One alert that fires or is about to. */
export interface ActiveAlert {
  readonly policy: string;
  readonly alert: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly state: "pending" | "firing";
  readonly value: string;
  readonly summary: string;
}
