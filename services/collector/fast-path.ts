import type { Socket } from "node:net";

import type { Answer } from "./answer.ts";
import type { Room } from "./body.ts";
import { requestHead } from "./request-head.ts";
import type { RequestHead } from "./request-head.ts";
import { writtenAnswer } from "./written-answer.ts";
import type { WrittenAnswer } from "./written-answer.ts";

/** Arguments of {@link FastPath}. */
export interface FastPathArgs {
  /** Answers a POST; does not throw. */
  answer(head: RequestHead, body: Buffer): Promise<Answer>;
  /** What is answered instead of something that cannot be sent. */
  inPlaceOf(error: Error): Answer;
  /** Takes over a connection for good, from the first byte that was not answered. */
  handOver(socket: Socket): void;
  /** Room for bodies. */
  readonly room: Room;
  /** Whether clients should go elsewhere with their next request. */
  isStopping(): boolean;
  /** For how long a connection is kept without a request, in milliseconds. */
  readonly keepAliveMs: number;
}

/** Largest body that is taken here, in bytes. */
const MAX_BODY_BYTES = 1024 * 1024;

/** What may be read of a connection while a request on it is answered, in bytes: twice what Node reads at once. */
const READ_AHEAD_BYTES = 128 * 1024;

/** How often connections are looked at, in milliseconds. */
const LOOK_EVERY_MS = 5_000;

/** What `node:http` answers to a request that ends in the middle. */
const INCOMPLETE = "HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n";

/**
 * Answers plain requests on a connection itself, because the streams and objects of `node:http` cost as much as all that is
 * done with most of them. A connection on which anything else comes is handed over to it, for good: an unusual head, a request
 * behind another that is not answered yet, a slow or large body.
 */
export class FastPath {
  readonly #args: FastPathArgs;
  readonly #connections = new Set<Connection>();

  constructor(args: FastPathArgs) {
    this.#args = args;
    setInterval(() => this.#look(), LOOK_EVERY_MS).unref();
  }

  /** Takes a connection that was just made. */
  accept(socket: Socket): void {
    const connection = new Connection(socket, this.#args, () =>
      this.#connections.delete(connection),
    );
    this.#connections.add(connection);
  }

  /** Closes the connections on which no request is under way. */
  closeIdle(): void {
    for (const connection of this.#connections) connection.closeIfIdle();
  }

  /** Closes all of them. */
  closeAll(): void {
    for (const connection of this.#connections) connection.close();
  }

  #look(): void {
    for (const connection of this.#connections) connection.look();
  }
}

/** A connection, and what of a request has come on it. */
class Connection {
  readonly #socket: Socket;
  readonly #args: FastPathArgs;
  readonly #onLeft: () => void;
  /** Of the request that is coming or being answered: head, all that came, how much of that is of its body. */
  #head: RequestHead | undefined;
  #chunks: Buffer[] = [];
  #bodyBytes = 0;
  /** Room that is taken for what came while a request was answered, in bytes. */
  #readAhead = 0;
  #isAnswering = false;
  #hasAnswered = false;
  /** How often it was looked at since it was made, its last answer went, or a request began. */
  #looks = 0;
  /** Whether the client sends nothing more. */
  #hasEnded = false;

  constructor(socket: Socket, args: FastPathArgs, onLeft: () => void) {
    this.#socket = socket;
    this.#args = args;
    this.#onLeft = onLeft;
    socket.on("data", this.#onData).on("end", this.#onEnd);
    socket.on("close", this.#onClose).on("error", ignore);
  }

  closeIfIdle(): void {
    // One that was just made has its first request on the way.
    if (this.#hasAnswered && this.#head === undefined && !this.#isAnswering) this.close();
  }

  close(): void {
    this.#socket.destroy();
  }

  /** Closes it if it was kept long enough without a request; hands it over, to be watched, if it waits for the rest of one. */
  look(): void {
    if (this.#isAnswering) return;
    this.#looks += 1;
    const isKept = this.#head === undefined && this.#hasAnswered;
    if (!isKept && this.#looks > 1) this.#handOver();
    else if (this.#looks * LOOK_EVERY_MS > this.#args.keepAliveMs) this.close();
  }

  readonly #onData = (chunk: Buffer): void => {
    if (this.#isAnswering) {
      // One after the other.
      if (!this.#args.room.take(READ_AHEAD_BYTES)) return this.close();
      this.#readAhead += READ_AHEAD_BYTES;
      this.#socket.pause();
      this.#socket.unshift(chunk);
      return;
    }
    this.#chunks.push(chunk);
    const bytes = this.#head === undefined ? this.#begin(chunk) : chunk.length;
    if (bytes === undefined || !this.#args.room.take(bytes)) return this.#handOver();
    this.#bodyBytes += bytes;
    const { contentLength } = this.#head!;
    if (this.#bodyBytes > contentLength) this.#handOver();
    else if (this.#bodyBytes === contentLength) this.#answer(this.#head!);
  };

  /** Reads the head of a request; returns how many bytes of its body came with it, undefined if it is not for here. */
  #begin(chunk: Buffer): number | undefined {
    const head = requestHead(chunk);
    if (head === undefined || head.contentLength > MAX_BODY_BYTES) return undefined;
    this.#head = head;
    this.#looks = 0;
    return chunk.length - head.bodyAt;
  }

  #answer(head: RequestHead): void {
    this.#isAnswering = true;
    const body = this.#bytes().subarray(head.bodyAt);
    void this.#args.answer(head, body).then(this.#say);
  }

  readonly #say = (answer: Answer): void => {
    this.#forget();
    const socket = this.#socket;
    if (socket.destroyed) return;
    const isLast = this.#args.isStopping() || this.#hasEnded;
    const { text, encoding } = this.#written(answer, isLast);
    const isFlushed = socket.write(text, encoding);
    if (isLast) socket.destroySoon();
    else if (isFlushed) this.#goOn();
    else socket.once("drain", () => this.#goOn());
  };

  #written(answer: Answer, isLast: boolean): WrittenAnswer {
    const keptSeconds = isLast ? undefined : Math.floor(this.#args.keepAliveMs / 1000);
    try {
      return writtenAnswer(answer, keptSeconds);
    } catch (error) {
      return writtenAnswer(this.#args.inPlaceOf(error as Error), keptSeconds);
    }
  }

  #goOn(): void {
    if (this.#hasEnded) return this.#socket.destroySoon();
    this.#isAnswering = false;
    this.#hasAnswered = true;
    this.#looks = 0;
    if (!this.#socket.isPaused()) return;
    this.#giveReadAhead();
    this.#socket.resume();
  }

  #giveReadAhead(): void {
    this.#args.room.give(this.#readAhead);
    this.#readAhead = 0;
  }

  #bytes(): Buffer {
    return this.#chunks.length === 1 ? this.#chunks[0]! : Buffer.concat(this.#chunks);
  }

  #forget(): void {
    this.#args.room.give(this.#bodyBytes);
    this.#bodyBytes = 0;
    this.#chunks = [];
    this.#head = undefined;
  }

  #handOver(): void {
    const socket = this.#socket;
    const bytes = this.#bytes();
    this.#forget();
    this.#onLeft();
    socket.off("data", this.#onData).off("end", this.#onEnd);
    socket.off("close", this.#onClose).off("error", ignore);
    if (bytes.length > 0) socket.unshift(bytes);
    this.#args.handOver(socket);
  }

  readonly #onEnd = (): void => {
    this.#hasEnded = true;
    if (this.#isAnswering) return;
    if (this.#head === undefined) this.#socket.end();
    else this.#socket.end(INCOMPLETE);
  };

  readonly #onClose = (): void => {
    this.#giveReadAhead();
    // What is being answered is still needed.
    if (!this.#isAnswering) this.#forget();
    this.#onLeft();
  };
}

/** The client is gone: nobody to answer. */
function ignore(): void {}
