import type { Stage } from "./stage.ts";

/** Something that goes wrong, and how it is set right again. */
export interface Fault<State = unknown> {
  /** Whether nothing else may be wrong at the same time. */
  readonly isExclusive: boolean;

  /** What healing has to know, as JSON; read before anything is touched. */
  prepare(stage: Stage): Promise<State>;

  /**
   * Makes it go wrong.
   *
   * @returns since when it is wrong.
   */
  inject(stage: Stage, state: State): Promise<Date>;

  /** Keeps it wrong where something heals it by itself; called a few times a second. */
  sustain?(stage: Stage, state: State): Promise<void>;

  /** Sets it right, whether it was injected, half injected, healed before, or is another process's. */
  heal(stage: Stage, state: State): Promise<void>;
}
