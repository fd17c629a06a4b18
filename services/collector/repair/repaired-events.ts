import { contractBreach } from "../../contract/check-event.ts";
import type { Event } from "../../contract/event.ts";
import { dialects } from "../dialects/all.ts";
import type { Call, Decoded, EventsEndpoint } from "../dialects/dialect.ts";
import { admit } from "../intake.ts";
import type { Repeats } from "../intake.ts";
import { RecordBlock } from "../record-block.ts";
import { scanRecords } from "../record.ts";
import { Refusals } from "../refusals.ts";
import { Router } from "../router.ts";

/** What a bad row says of the request that it came in. */
export interface BadRowOrigin {
  readonly source: string;
  readonly dialect: string;
  readonly path: string;
  readonly receivedAt: Date;
}

/** What a mapping made of a bad row is no event either; the message says why. */
export class StillBad extends Error {}

/** The same for all rows. */
const block = new RecordBlock();

/**
 * The events in what a mapping made of a bad row, decoded as its dialect does it: under the contract, and reduced to consent.
 *
 * @param repaired the JSON value that the sender should have sent: a whole body, or one event of its list. A text stands
 *   for a query or a body that is no JSON. Of a row that names no dialect, because it broke later, an event of the contract.
 * @returns JSON of each, in order.
 * @throws StillBad if one of them is none.
 */
export function repairedEvents(origin: BadRowOrigin, repaired: unknown): string[] {
  if (repaired === undefined) {
    throw new StillBad("a mapping must make something of it, got nothing; null drops the row");
  }
  if (origin.dialect === "") return [contractEvent(repaired)];
  const at = origin.receivedAt.getTime();
  const { submissions } = decoded(origin, repaired, at);
  const repeats: Repeats = new Map();
  return submissions.map((submission) => {
    const { source, dialect, path } = origin;
    // Headers were not kept: whoever opted out by one must not be opted in here.
    const headers = { "sec-gpc": "1" };
    block.clear();
    const from = { source, dialect, path, headers, at };
    const outcome = admit(submission, from, block, new Refusals(), repeats);
    const [found] = [...scanRecords(block.bytes)];
    const json = found!.payload.toString();
    if (outcome === "bad") throw new StillBad((JSON.parse(json) as { reason: string }).reason);
    return json;
  });
}

function contractEvent(repaired: unknown): string {
  const reason = contractBreach(repaired as Event);
  if (reason !== undefined) throw new StillBad(reason);
  return JSON.stringify(repaired);
}

/** By the first way of sending it that its endpoint understands. */
function decoded(origin: BadRowOrigin, repaired: unknown, at: number): Decoded {
  const { endpoints, pathKey } = place(origin);
  let unusable: string | undefined;
  let malformed: string | undefined;
  for (const { query, text } of waysToSend(repaired)) {
    const call: Call = { headers: {}, query, pathKey, body: Buffer.from(text), at };
    for (const endpoint of endpoints) {
      try {
        const found = endpoint.decode(call);
        const wrong = found.submissions.find((one) => "reason" in one.draft);
        if (wrong === undefined && found.submissions.length > 0) return found;
        unusable ??= wrong && (wrong.draft as { reason: string }).reason;
      } catch (error) {
        malformed ??= (error as Error).message;
      }
    }
  }
  throw new StillBad(unusable ?? malformed ?? "a mapping must make an event of it, got none");
}

function place({ dialect: name, path }: BadRowOrigin): {
  endpoints: readonly EventsEndpoint[];
  pathKey: string;
} {
  const dialect = dialects.find((one) => one.name === name);
  const found = dialect && new Router([dialect]).find(path);
  const endpoints = [...(found?.methods.values() ?? [])]
    .flat()
    .map(({ endpoint }) => endpoint)
    .filter((endpoint) => endpoint.kind === "events");
  if (endpoints.length === 0) {
    throw new StillBad(`${path} of ${name} must be a path that events are sent to`);
  }
  return { endpoints, pathKey: found!.pathKey };
}

/** A row holds one event of a list without the list. */
function waysToSend(repaired: unknown): { query: string; text: string }[] {
  if (typeof repaired === "string") {
    return [
      { query: repaired, text: "" },
      { query: "", text: repaired },
    ];
  }
  const lists = ["batch", "events", "data"].map((list) => ({ [list]: [repaired] }));
  return [repaired, ...lists, [repaired]].map((body) => ({
    query: "",
    text: JSON.stringify(body),
  }));
}
