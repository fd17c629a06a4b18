import type { Answer, Call } from "./emulated.ts";
import { differences } from "./differences.ts";
import type { Exchange } from "./exchange.ts";
import { httpForm } from "./grpc.ts";
import { Placeholders } from "./placeholders.ts";

/** How the emulator answered one recorded call. */
export interface Replayed {
  readonly call: string;
  /** `other-api`: a call of another API than the emulator's, not replayed. */
  readonly outcome: "same" | "different" | "other-api";
  /** Where the answers differ. */
  readonly differences: readonly string[];
}

/** Calls of these APIs are the emulator's. */
const ours =
  /^(monitoring\.googleapis\.com\/|logging\.googleapis\.com\/v2\/[^?]*\/metrics([/?]|$))/;

/** Replays the exchanges of one recording, in their order. */
export async function replay(exchanges: readonly Exchange[], call: Call): Promise<Replayed[]> {
  const placeholders = new Placeholders();
  const replayed: Replayed[] = [];
  for (const exchange of exchanges) {
    const { method, url, body } = httpForm(exchange);
    if (!ours.test(url)) {
      replayed.push({ call: exchange.call, outcome: "other-api", differences: [] });
      continue;
    }
    const found = await closest(exchange, { method, path: url.slice(url.indexOf("/")), body });
    replayed.push({
      call: exchange.call,
      outcome: found.length === 0 ? "same" : "different",
      differences: found,
    });
  }
  return replayed;

  /** Differences of the first answer that is the recorded one, else of the likeliest; only reads are tried again. */
  async function closest(
    recorded: Exchange,
    { method, path, body }: { method: string; path: string; body: unknown },
  ): Promise<string[]> {
    const ids = placeholders.candidates(path);
    const tries = method === "GET" ? ids : ids.slice(0, 1);
    let first: string[] | undefined;
    for (const id of tries.length > 0 ? tries : [undefined]) {
      const sent = body === undefined ? undefined : filled(body, placeholders, path, id);
      const answer = await call(method, placeholders.fill(path, id), sent);
      if (method === "DELETE" && id !== undefined) placeholders.forget(path, id);
      const found = compare(recorded, answer);
      if (found.length === 0) return found;
      first ??= found;
    }
    return first!;
  }

  function compare(recorded: Exchange, answer: Answer): string[] {
    const status =
      recorded.status === answer.status
        ? []
        : [`status: recorded ${recorded.status}, got ${answer.status}`];
    return [...status, ...differences(recorded.answer, answer.body, placeholders)];
  }
}

/** A body with values for its placeholders: the ID of the path means the same as there, another thing's ID is another. */
function filled(
  body: unknown,
  placeholders: Placeholders,
  path: string,
  id: string | undefined,
): unknown {
  if (Array.isArray(body)) return body.map((item) => filled(item, placeholders, path, id));
  if (typeof body === "object" && body !== null) {
    return Object.fromEntries(
      Object.entries(body).map(([name, value]) => [name, filledField(name, value)]),
    );
  }
  return typeof body === "string" ? placeholders.fill(body) : body;

  function filledField(name: string, value: unknown): unknown {
    if (typeof value === "string" && name === "parentName") {
      return placeholders.fill(
        value,
        placeholders.candidates(value).find((other) => other !== id),
      );
    }
    if (typeof value === "string" && name === "etag") return placeholders.etag(value);
    return filled(value, placeholders, path, id);
  }
}
