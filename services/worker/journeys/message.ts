/** Idempotency key of the message that a step of a campaign has for a person. */
export function keyOf(uid: string, person: string, step: string): string {
  return `${uid}/${person}/${step}`;
}

/** What the job queue has of a message. */
export interface MessageJob {
  /** Id of the message. */
  readonly message: string;
  /** How often the message was given to the queue, from 1. */
  readonly round: number;
}
