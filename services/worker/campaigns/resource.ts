import type { Phase } from "../../contract/campaign-phase.ts";
import type { CampaignSpec } from "../../contract/campaign.ts";
import type { JourneyCounts } from "./journey-counts.ts";

/** Annotation of a campaign by which somebody holds it: `paused`, or `stopped`. */
export const HOLD_ANNOTATION = "marketing.stack/hold";

/** Annotation of the namespace that stops all outbound, whatever its value is. */
export const OUTBOUND_ANNOTATION = "marketing.stack/outbound";

/** A custom resource `Campaign`, as far as the worker reads it. */
export interface CampaignResource {
  readonly metadata: {
    readonly name: string;
    readonly uid: string;
    /** Counts the changes of `spec`, from 1. */
    readonly generation: number;
    readonly annotations?: Readonly<Record<string, string>>;
    /** Set while it is being deleted. */
    readonly deletionTimestamp?: string;
  };
  readonly spec: CampaignSpec;
  readonly status?: CampaignStatus;
}

/** What the worker says of a campaign; `null` takes a field away. */
export interface CampaignStatus {
  readonly observedGeneration: number;
  readonly phase: Phase;
  readonly conditions: readonly Condition[];
  /** ISO 8601, UTC. */
  readonly opensAt: string | null;
  readonly closesAt: string | null;
  readonly rolloutPercent: number | null;
  readonly percents: Readonly<Record<string, number>> | null;
  /** Why roll-out and percents are as they are. */
  readonly reason: string | null;
  /** Whether the kill switch lets anything of any campaign leave. */
  readonly outbound: "allowed" | "stopped";
  /** Effects that wait to be let out. */
  readonly heldBack: number;
  /** How far people are in its journey, a few seconds ago; null if nobody came in. */
  readonly journey: JourneyCounts | null;
}

/** A condition as Kubernetes has them. */
export interface Condition {
  readonly type: string;
  readonly status: "True" | "False";
  readonly observedGeneration: number;
  /** One word in capitals and small letters. */
  readonly reason: string;
  readonly message: string;
  readonly lastTransitionTime: string;
}
