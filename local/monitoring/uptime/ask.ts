import { request as plain, type IncomingMessage, type RequestOptions } from "node:http";
import { request as secure } from "node:https";
import { connect } from "node:net";
import type { TLSSocket } from "node:tls";
import { secondsOf } from "../protos/duration.ts";
import type { UptimeCheck } from "../rules/uptime-check.ts";
import type { HttpCheck } from "../rules/uptime-http-check.ts";
import { accepts, matchesContent } from "./judge.ts";

/** What one run of a check found. */
export interface Finding {
  readonly passed: boolean;
  /** Milliseconds. */
  readonly latency: number;
  /** Why it did not pass; "" if it did. Never says what was sent or answered. */
  readonly reason: string;
  /** Days until the certificate expires; undefined where there is none. */
  readonly certificateDays?: number | undefined;
}

/** Most bytes of an answer that are looked at for content. */
const MAX_ANSWER = 1024 * 1024;

/** Host that a check asks; undefined for a resource that cannot be found from here. */
export function hostOf({ monitoredResource }: UptimeCheck): string | undefined {
  return monitoredResource?.type === "uptime_url" ? monitoredResource.labels?.["host"] : undefined;
}

/** Runs a check once. Redirects are not followed. */
export async function ask(check: UptimeCheck, host: string): Promise<Finding> {
  const begun = performance.now();
  const latency = (): number => Math.round(performance.now() - begun);
  const signal = AbortSignal.timeout(secondsOf(check.timeout!) * 1000);
  try {
    if (!check.httpCheck) {
      await openConnection(host, check.tcpCheck!.port!, signal);
      return { passed: true, latency: latency(), reason: "" };
    }
    const { status, body, certificateDays } = await get(check.httpCheck, host, signal);
    const reason = !accepts(check.httpCheck.acceptedResponseStatusCodes, status)
      ? `status ${status} is not accepted`
      : (check.contentMatchers ?? []).every((matcher) => matchesContent(matcher, body))
        ? ""
        : "the answer does not have the content";
    return { passed: reason === "", latency: latency(), reason, certificateDays };
  } catch (error) {
    const { code, name } = error as Error & { code?: string };
    const reason = signal.aborted ? `no answer within ${check.timeout}` : (code ?? name);
    return { passed: false, latency: latency(), reason };
  }
}

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly certificateDays: number | undefined;
}

function get(check: HttpCheck, host: string, signal: AbortSignal): Promise<Answer> {
  const { authInfo, contentType, customContentType, requestMethod = "GET" } = check;
  const options: RequestOptions & { rejectUnauthorized?: boolean } = {
    host,
    servername: host,
    port: check.port,
    path: check.path?.startsWith("/") ? check.path : `/${check.path ?? ""}`,
    method: requestMethod,
    agent: false,
    signal,
    headers: {
      "User-Agent": "GoogleStackdriverMonitoring-UptimeChecks(https://cloud.google.com/monitoring)",
      ...(contentType === "URL_ENCODED" && {
        "Content-Type": "application/x-www-form-urlencoded",
      }),
      ...(customContentType && { "Content-Type": customContentType }),
      ...check.headers,
    },
    ...(authInfo && { auth: `${authInfo.username}:${authInfo.password ?? ""}` }),
    rejectUnauthorized: check.validateSsl === true,
  } as RequestOptions;
  return new Promise((resolve, reject) => {
    const sent = (check.useSsl ? secure : plain)(options, (response) => {
      const certificateDays = check.useSsl ? daysOf(response) : undefined;
      readBody(response).then(
        (body) => resolve({ status: response.statusCode!, body, certificateDays }),
        reject,
      );
    });
    sent.on("error", reject);
    sent.end(check.body ? Buffer.from(check.body, "base64") : undefined);
  });
}

async function readBody(response: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of response as AsyncIterable<Buffer>) {
    pieces.push(piece);
    length += piece.length;
    if (length > MAX_ANSWER) break;
  }
  return Buffer.concat(pieces).toString();
}

function daysOf(response: IncomingMessage): number | undefined {
  const { valid_to: end } = (response.socket as TLSSocket).getPeerCertificate();
  return end ? (Date.parse(end) - Date.now()) / (24 * 60 * 60 * 1000) : undefined;
}

function openConnection(host: string, port: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, signal });
    socket.once("error", reject);
    socket.once("connect", () => {
      socket.destroy();
      resolve();
    });
  });
}
