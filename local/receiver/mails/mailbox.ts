import PostalMime, { type Email } from "postal-mime";

/** A mail that somebody would have got. */
export interface KeptMail {
  /** Whole number, counted up from 1 since this process started. */
  readonly id: number;
  /** RFC 3339. */
  readonly receivedAt: string;
  /** Addresses of the envelope. */
  readonly from: string;
  readonly to: readonly string[];
  /** As it came. */
  readonly raw: Buffer;
  readonly parsed: Email;
}

/** The most mails that are kept, and the most bytes of them: the latest. */
const KEPT = 500;
const MAX_BYTES = 16 * 1024 * 1024;

/** The mails that arrived since this process started. */
export class Mailbox {
  #mails: readonly KeptMail[] = [];
  #last = 0;

  /** @throws Error if it is nested or long beyond what any mail is. */
  async add(mail: Pick<KeptMail, "from" | "to" | "raw">): Promise<void> {
    const parsed = await PostalMime.parse(mail.raw);
    this.#last += 1;
    const receivedAt = new Date().toISOString();
    let bytes = 0;
    this.#mails = [{ id: this.#last, receivedAt, ...mail, parsed }, ...this.#mails]
      .slice(0, KEPT)
      .filter(({ raw }) => (bytes += raw.length) <= MAX_BYTES);
  }

  /** Newest first. */
  list(): readonly KeptMail[] {
    return this.#mails;
  }

  /** One of them; undefined if it never came or is not kept any more. */
  find(id: number): KeptMail | undefined {
    return this.#mails.find((one) => one.id === id);
  }
}
