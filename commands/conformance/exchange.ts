/** One recorded call of an API and its answer; texts hold placeholders such as `${projectId}` for what differs each time. */
export interface Exchange {
  /** `POST https://monitoring.googleapis.com/v3/…?…`, or `GRPC /google.monitoring.v3.AlertPolicyService/…`. */
  readonly call: string;
  /** JSON of the request; undefined where it had none. */
  readonly request: unknown;
  /** Status of the answer: HTTP's number, or 200 for gRPC's OK. */
  readonly status: number;
  /** JSON of the answer; undefined where it had none. */
  readonly answer: unknown;
}

/**
 * The exchanges of one recording of k8s-config-connector (`*.http.log`), in their order.
 *
 * @throws Error naming the first call that does not have the form.
 */
export function exchangesIn(recording: string): Exchange[] {
  return recording
    .split(/^---$/m)
    .filter((text) => text.trim() !== "")
    .map((text) => {
      const lines = text.trim().split("\n");
      const call = lines[0]!;
      const line = lines.findIndex((candidate) => /^(\d{3} \S|OK$)/.test(candidate));
      if (!/^[A-Z]+ \S+$/.test(call) || line < 0) {
        throw new Error(
          `exchange must be "METHOD URL", headers, body, "STATUS TEXT", headers, body, got ${JSON.stringify(call)}`,
        );
      }
      return {
        call,
        request: bodyOf(lines.slice(1, line), call),
        status: Number.parseInt(lines[line]!, 10) || 200,
        answer: bodyOf(lines.slice(line + 1), call),
      };
    });
}

/** What follows the headers. */
function bodyOf(lines: readonly string[], call: string): unknown {
  const begin = lines.findIndex((line) => /^[[{]/.test(line));
  if (begin < 0) return undefined;
  try {
    return JSON.parse(lines.slice(begin).join("\n"));
  } catch (error) {
    throw new Error(
      `bodies of ${JSON.stringify(call)} must be JSON, got ${(error as Error).message}`,
      {
        cause: error,
      },
    );
  }
}
