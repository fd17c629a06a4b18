import { connect } from "node:net";
import type { Socket } from "node:net";

import { Batch } from "./event.ts";

/** What to send; read from the first argument as JSON. */
export interface Load {
  readonly port: number;
  readonly connections: number;
  /** Events a request. */
  readonly events: number;
  readonly seconds: number;
  /** Requests a second; as many as are answered if it is left out. */
  readonly rate?: number;
  /** Tells this load's ids from those of others. */
  readonly firstId: number;
}

/** What came of it; printed as JSON. */
export interface Answered {
  /** Answers of success a second. */
  readonly perSecond: number;
  /** Other answers, and broken connections. */
  readonly failed: number;
}

const load = JSON.parse(process.argv[2]!) as Load;
const AUTHORIZATION = `Basic ${Buffer.from("WRITE_KEY:").toString("base64")}`;
const idle: (() => void)[] = [];
let nextId = load.firstId;
let succeeded = 0;
let failed = 0;
let over = false;

const sockets = await Promise.all(Array.from({ length: load.connections }, open));
const begun = performance.now();
const timer = load.rate === undefined ? undefined : setInterval(sendDue, 5, load.rate);
if (timer === undefined) for (const send of idle.splice(0)) send();
setTimeout(() => {
  over = true;
  clearInterval(timer);
  const perSecond = Math.round(succeeded / ((performance.now() - begun) / 1000));
  process.stdout.write(JSON.stringify({ perSecond, failed } satisfies Answered));
  for (const socket of sockets) socket.destroy();
}, load.seconds * 1000);

let sent = 0;
/** Sends what should have been sent by now, however slowly it is answered, as long as a connection is free. */
function sendDue(rate: number): void {
  const due = ((performance.now() - begun) / 1000) * rate;
  while (sent < due && idle.length > 0) {
    sent += 1;
    // In turn: the server closes a connection that is idle for long.
    idle.shift()!();
  }
}

/** One connection, which has one request under way at a time. */
async function open(): Promise<Socket> {
  const batch = new Batch(load.events);
  const head = Buffer.from(
    `POST /v1/batch HTTP/1.1\r\nhost: collector\r\nauthorization: ${AUTHORIZATION}\r\n` +
      `content-type: application/json\r\ncontent-length: ${batch.bytes.length}\r\n\r\n`,
  );
  const socket = connect({ port: load.port, host: "127.0.0.1", noDelay: true });
  const send = (): void => {
    batch.number(nextId);
    nextId += load.events;
    socket.cork();
    socket.write(head);
    socket.write(batch.bytes);
    socket.uncork();
  };
  let answer = "";
  socket.on("data", (chunk: Buffer) => {
    answer += chunk.toString("latin1");
    const end = answer.indexOf("\r\n\r\n");
    if (end < 0) return;
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(answer)?.[1] ?? 0);
    if (answer.length < end + 4 + length) return;
    if (answer.startsWith("HTTP/1.1 200 ")) succeeded += 1;
    else failed += 1;
    answer = "";
    if (load.rate === undefined) send();
    else idle.push(send);
  });
  socket.on("error", () => (failed += Number(!over)));
  await new Promise((connected) => socket.once("connect", connected));
  idle.push(send);
  return socket;
}
