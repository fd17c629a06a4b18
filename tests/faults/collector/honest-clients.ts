import { Agent, request } from "node:http";
import { setTimeout as delay } from "node:timers/promises";

/** Source of the clients' write key. */
export const SOURCE = "website";

/** Its write key. */
export const WRITE_KEY = "WRITE_KEY";

/** Header that says so. */
export const AUTHORIZATION = `Basic ${Buffer.from(`${WRITE_KEY}:`).toString("base64")}`;

/** Batches that a client keeps to send one of them again some time. */
const KEPT = 50;

/** Pause before a batch is sent again, in milliseconds. */
const RETRY_MS = 10;

/** What clients sent and what they were answered: with the event log, all that a checker looks at. */
export interface Heard {
  /** Text of each event whose batch was answered with success, by id. */
  readonly acknowledged: ReadonlyMap<string, string>;
  /** How often each status was answered; 0 where the connection broke. */
  readonly statuses: ReadonlyMap<number, number>;
  /** Statuses from 500 on that came without saying when to try again. */
  readonly withoutRetryAfter: readonly number[];
}

/** Clients that send batches of new events as SDKs do, each again until it is answered with success. */
export class HonestClients implements Heard {
  readonly acknowledged = new Map<string, string>();
  readonly statuses = new Map<number, number>();
  readonly withoutRetryAfter: number[] = [];
  readonly #address: () => string;
  readonly #random: () => number;
  readonly #pauseMs: number;
  readonly #runs: Promise<void>[];
  #stopping = false;
  #abandoned = false;

  /**
   * @param address where to send to, asked before each attempt.
   * @param random decides sizes, and which batches are sent once more though they were answered with success.
   * @param pauseMs after each batch.
   */
  constructor(count: number, address: () => string, random: () => number, pauseMs: number) {
    this.#address = address;
    this.#random = random;
    this.#pauseMs = pauseMs;
    this.#runs = Array.from({ length: count }, (_, client) => this.#run(client));
  }

  /** Answers of success so far. */
  get successes(): number {
    return this.statuses.get(200) ?? 0;
  }

  /** Returns when `count` more answers of success have come. */
  async progress(count: number): Promise<void> {
    const enough = this.successes + count;
    while (this.successes < enough && !this.#abandoned) await delay(RETRY_MS);
  }

  /** Returns when each client had its last batch answered with success. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await Promise.all(this.#runs);
  }

  /** Makes the clients give up what is not answered with success yet: for the end of a test that failed. */
  abandon(): void {
    this.#stopping = true;
    this.#abandoned = true;
  }

  async #run(client: number): Promise<void> {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const kept: string[] = [];
    for (let batch = 0; !this.#stopping; batch += 1) {
      const ids = Array.from(
        { length: 1 + Math.floor(this.#random() * 5) },
        (_, index) => `${client}-${batch}-${index}`,
      );
      // Most are small; some are so large that a segment of the spool is soon full.
      const text = "x".repeat(this.#random() < 0.05 ? 30_000 : Math.floor(this.#random() * 300));
      const body = batchOf(ids, text);
      await this.#send(agent, body);
      for (const id of ids) this.acknowledged.set(id, text);
      kept[batch % KEPT] = body;
      if (this.#random() < 0.1) {
        await this.#send(agent, kept[Math.floor(this.#random() * kept.length)]!);
      }
      if (this.#pauseMs > 0) await delay(this.#pauseMs);
    }
    agent.destroy();
  }

  async #send(agent: Agent, body: string): Promise<void> {
    while (!this.#abandoned && !(await this.#succeeds(agent, body))) await delay(RETRY_MS);
  }

  async #succeeds(agent: Agent, body: string): Promise<boolean> {
    const { status, retryAfter } = await post(this.#address(), agent, body);
    this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1);
    if (status >= 500 && !(Number(retryAfter) > 0)) this.withoutRetryAfter.push(status);
    return status === 200;
  }
}

/** Body of a request with an event for each of `ids`. */
export function batchOf(ids: readonly string[], text: string): string {
  return JSON.stringify({ batch: ids.map((id) => eventOf(id, text)) });
}

function eventOf(id: string, text: string): object {
  return {
    type: "track",
    event: "Fault Survived",
    messageId: id,
    userId: "user-1",
    properties: { text },
    context: { consent: { categoryPreferences: { Analytics: true } } },
  };
}

function post(
  address: string,
  agent: Agent,
  body: string,
): Promise<{ status: number; retryAfter?: string | undefined }> {
  return new Promise((resolve) => {
    const broken = (): void => resolve({ status: 0 });
    const sending = request(
      `${address}/v1/batch`,
      { method: "POST", agent, headers: { authorization: AUTHORIZATION }, timeout: 60_000 },
      (answer) => {
        const { statusCode: status = 0, headers } = answer;
        // An answer counts only when it is whole.
        answer.on("end", () => resolve({ status, retryAfter: headers["retry-after"] }));
        answer.on("error", broken);
        answer.resume();
      },
    );
    sending.on("timeout", () => sending.destroy());
    sending.on("error", broken);
    sending.end(body);
  });
}
