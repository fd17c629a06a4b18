import { request as plain } from "node:http";
import { request as secure } from "node:https";

/** How long an answer may take, in milliseconds. */
const PATIENCE = 2000;

/** Whether `url` answers GET with status 200; a socket instead of a host is given by `socketPath`. */
export function answers(
  url: string,
  { socketPath }: { socketPath?: string } = {},
): Promise<boolean> {
  return new Promise((resolve) => {
    const options = { timeout: PATIENCE, agent: false, ...(socketPath ? { socketPath } : {}) };
    const sent = plain(url, options, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    sent.on("timeout", () => sent.destroy());
    sent.on("error", () => resolve(false));
    sent.end();
  });
}

/** Whether `url` answers GET with status 200 over TLS. Its certificate, made anew at each start, is not checked. */
export function answersSecurely(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const sent = secure(
      url,
      { timeout: PATIENCE, agent: false, rejectUnauthorized: false },
      (response) => {
        response.resume();
        resolve(response.statusCode === 200);
      },
    );
    sent.on("timeout", () => sent.destroy());
    sent.on("error", () => resolve(false));
    sent.end();
  });
}
