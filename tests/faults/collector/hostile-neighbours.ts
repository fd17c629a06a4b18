import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { gzipSync } from "node:zlib";

import { counted, discrepancies } from "./checker.ts";
import { AUTHORIZATION, batchOf } from "./honest-clients.ts";
import type { Setting } from "./setting.ts";

/** What a bomb becomes when it is decompressed, in bytes; what is sent is a thousandth. */
const BOMB_BYTES = 400 * 1024 * 1024;

/** Pieces in which a slow body comes. */
const PIECES = 20;

/** Who sends beside honest clients. */
export interface Hostile {
  /** Number of gzip bombs. */
  readonly bombs: number;
  /** Number of slow bodies, all at the same time. */
  readonly slow: number;
  /** Time that each of them takes, in milliseconds. */
  readonly slowMs: number;
}

/** What each got. */
export interface Neighbours {
  /** Statuses of the bombs, each once. */
  readonly bombs: readonly number[];
  /** Bombs kept byte for byte as bad rows. */
  readonly bombsKept: number;
  /** Statuses of the slow bodies, each once; 0 is a connection that broke. */
  readonly slow: readonly number[];
  /** Statuses of honest clients, each once. */
  readonly honest: readonly number[];
  /** Largest resident memory of the collector, in MiB. */
  readonly peakMib: number;
  readonly discrepancies: readonly string[];
}

/** Sends gzip bombs and slow bodies beside honest traffic. */
export async function sendHostile(setting: Setting, hostile: Hostile): Promise<Neighbours> {
  const { admin } = setting.database;
  const collector = await setting.startReady();
  const clients = setting.send(8);
  const slow = Array.from({ length: hostile.slow }, async (_, index) => {
    const id = `slow-${index}`;
    const status = await sendSlowly(new URL(setting.url), batchOf([id], id), hostile.slowMs);
    if (status === 200) clients.acknowledged.set(id, id);
    return status;
  });
  const bombs: number[] = [];
  const whole = gzipSync(Buffer.alloc(BOMB_BYTES));
  for (let bomb = 0; bomb < hostile.bombs; bomb += 1) {
    // The time in gzip's header makes each another.
    whole.writeUInt32LE(bomb, 4);
    bombs.push(await sendBomb(setting.url, whole));
  }
  const slowStatuses = await Promise.all(slow);
  await clients.progress(10);
  await clients.stop();

  const kept = "SELECT count(*)::integer AS count FROM events.bad_row WHERE length(raw) = $1";
  const bombsKept = await counted(hostile.bombs, admin, kept, [whole.length]);
  // What is set aside besides is wrong.
  await admin.query("DELETE FROM events.bad_row WHERE length(raw) = $1", [whole.length]);
  return {
    bombs: [...new Set(bombs)],
    bombsKept,
    slow: [...new Set(slowStatuses)],
    honest: [...clients.statuses.keys()],
    peakMib: peakMib(collector.pid),
    discrepancies: await discrepancies(clients, admin),
  };
}

async function sendBomb(url: string, body: Buffer): Promise<number> {
  const headers = { authorization: AUTHORIZATION, "content-encoding": "gzip" };
  const answer = await fetch(`${url}/v1/batch`, { method: "POST", headers, body });
  await answer.arrayBuffer();
  return answer.status;
}

/** Sends a body piece by piece; returns the status of the answer, 0 if there is none. */
async function sendSlowly({ hostname, port }: URL, body: string, ms: number): Promise<number> {
  const socket = connect(Number(port), hostname);
  let answer = "";
  socket.on("data", (chunk: Buffer) => (answer += chunk)).on("error", () => undefined);
  const closed = once(socket, "close");
  const head = `POST /v1/batch HTTP/1.1\r\nhost: slow\r\nauthorization: ${AUTHORIZATION}\r\n`;
  socket.write(`${head}connection: close\r\ncontent-length: ${body.length}\r\n\r\n`);
  const length = Math.ceil(body.length / PIECES);
  for (let piece = 0; piece < PIECES && !socket.destroyed; piece += 1) {
    await delay(ms / PIECES);
    socket.write(body.slice(piece * length, (piece + 1) * length));
  }
  await closed;
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0);
}

function peakMib(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Math.round(Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1]) / 1024);
}
