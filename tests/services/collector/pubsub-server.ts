import { spawn } from "node:child_process";
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

import { freePort } from "../../../local/free-port.ts";
import { resolveToolchain } from "../../../local/toolchain/toolchain.ts";
import { silentProgress } from "../../local/toolchain/silent.ts";

/** A message as it was published. */
export interface PublishedMessage {
  readonly topic: string;
  readonly data: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** gRPC statuses that a request is refused with: may work later, will not. */
export const REFUSALS = { unavailable: 14, permissionDenied: 7 } as const;

/** Google's in-memory Pub/Sub, on a port of 127.0.0.1. */
export interface PubSubServer {
  /** `127.0.0.1:<port>`, the value of `PUBSUB_EMULATOR_HOST`. */
  readonly address: string;
  /** All that was published, in the order in which it came. */
  messages(): Promise<PublishedMessage[]>;
  /** Refuses what is published from now on, with one of {@link REFUSALS}; undefined takes it again. */
  refuse(status: number | undefined): Promise<void>;
  /** Ends it as a crash does. */
  stop(): Promise<void>;
}

/** Starts one with these topics (full names); the first time on a machine it is compiled, which takes half a minute. */
export async function startPubSubServer(
  topics: readonly string[],
  port?: number,
): Promise<PubSubServer> {
  const toolchain = await resolveToolchain(silentProgress(), ["pubsub-server"]);
  const given = port ?? (await freePort());
  const server = spawn(toolchain.tools["pubsub-server"]!.path, [String(given)]);
  const ask = await orders(server);
  for (const topic of topics) await ask(`topic ${topic}`);
  return {
    address: `127.0.0.1:${given}`,
    messages: async () => JSON.parse(await ask("messages")) as PublishedMessage[],
    refuse: async (status = 0) => void (await ask(`fail ${status}`)),
    stop: async () => {
      const ended = once(server, "exit");
      server.kill("SIGKILL");
      await ended;
    },
  };
}

/** Gives one order after the other, each answered by a line; returns when the server listens. */
async function orders(
  server: ChildProcessWithoutNullStreams,
): Promise<(order: string) => Promise<string>> {
  let errors = "";
  server.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  const lines = createInterface({ input: server.stdout })[Symbol.asyncIterator]();
  const answer = async (): Promise<string> => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`the Pub/Sub server must answer, got: ${errors}`);
    return value;
  };
  await answer();
  return (order) => {
    server.stdin.write(`${order}\n`);
    return answer();
  };
}
