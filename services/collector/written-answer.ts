import { STATUS_CODES, validateHeaderName, validateHeaderValue } from "node:http";

import type { Answer } from "./answer.ts";

/** An answer as bytes of HTTP/1.1, in the encoding that they are text of. */
export interface WrittenAnswer {
  readonly text: string;
  readonly encoding: "latin1" | "utf8";
}

/** The one written last, which is mostly the next one too: that everything is kept. */
let last: { answer: Answer; keptSeconds: number | undefined; date: string; written: WrittenAnswer };

/**
 * Writes an answer to a POST as `node:http` would.
 *
 * @param keptSeconds for how long the connection is kept without a request; undefined if it is closed.
 * @throws Error if a header cannot be sent.
 */
export function writtenAnswer(answer: Answer, keptSeconds: number | undefined): WrittenAnswer {
  const date = dateNow();
  if (last?.answer === answer && last.keptSeconds === keptSeconds && last.date === date) {
    return last.written;
  }
  const { status, headers, body } = answer;
  let text = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n`;
  for (const [name, value] of Object.entries(headers)) {
    validateHeaderName(name);
    validateHeaderValue(name, value);
    text += `${name}: ${value}\r\n`;
  }
  const length = Buffer.byteLength(body);
  text += `content-length: ${length}\r\nDate: ${date}\r\n`;
  text +=
    keptSeconds === undefined
      ? "Connection: close\r\n\r\n"
      : `Connection: keep-alive\r\nKeep-Alive: timeout=${keptSeconds}\r\n\r\n`;
  const written: WrittenAnswer = {
    text: text + body,
    encoding: length === body.length ? "latin1" : "utf8",
  };
  last = { answer, keptSeconds, date, written };
  return written;
}

let second = NaN;
let dateOfSecond = "";

function dateNow(): string {
  const now = Math.floor(Date.now() / 1000);
  if (now !== second) {
    second = now;
    dateOfSecond = new Date(now * 1000).toUTCString();
  }
  return dateOfSecond;
}
