/** Seconds for which a sender that was quiet may send all at once what it may send in that time. */
const BURST_SECONDS = 10;

/** Limits what is taken to so many a second: a bucket of tokens that is filled steadily. */
export class RateLimit {
  readonly #perSecond: number;
  #tokens: number;
  #filledAt: number;

  /** @param now in milliseconds by a clock that never jumps, as in {@link take}. */
  constructor(perSecond: number, now: number) {
    this.#perSecond = perSecond;
    this.#tokens = perSecond * BURST_SECONDS;
    this.#filledAt = now;
  }

  /**
   * Takes `count`, as one: as long as there is any token, so that no request is too large for ever; what is missing is
   * owed.
   *
   * @returns 0, or the whole seconds after which it may be tried again if nothing was taken.
   */
  take(count: number, now: number): number {
    const filled = this.#tokens + ((now - this.#filledAt) / 1000) * this.#perSecond;
    this.#tokens = Math.min(this.#perSecond * BURST_SECONDS, filled);
    this.#filledAt = now;
    if (this.#tokens < 1) return Math.ceil((1 - this.#tokens) / this.#perSecond);
    this.#tokens -= count;
    return 0;
  }
}
