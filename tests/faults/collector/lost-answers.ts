import { once } from "node:events";
import { connect, createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";

import { waitFor } from "../../../local/wait.ts";
import { discrepancies } from "./checker.ts";
import type { Setting } from "./setting.ts";

/** Loses answers until there are `count`, starting the collector anew midway; returns what is wrong afterwards. */
export async function loseAnswers(setting: Setting, count: number): Promise<readonly string[]> {
  const collector = await setting.startReady();
  const way = await openLossyWay(setting.url, setting.random);
  const clients = setting.send(8, () => way.url);
  await waitFor("half of the answers lost", 600, async () => way.lost >= count / 2 || undefined);
  await collector.end("SIGTERM");
  await setting.startReady();
  await waitFor("all of the answers lost", 600, async () => way.lost >= count || undefined);
  await clients.stop();
  await way.close();
  return discrepancies(clients, setting.database.admin);
}

/** A way to a server on which answers get lost. */
interface LossyWay {
  readonly url: string;
  /** Answers lost so far. */
  readonly lost: number;
  close(): Promise<void>;
}

/** Hands on all that clients send to `target`, and breaks the connection at a third of its answers instead of handing them on. */
async function openLossyWay(target: string, random: () => number): Promise<LossyWay> {
  const { hostname, port } = new URL(target);
  const open = new Set<Socket>();
  let lost = 0;
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    const breakBoth = (): void => {
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket.on("error", breakBoth).on("close", () => {
        open.delete(socket);
        breakBoth();
      });
    }
    client.pipe(upstream);
    upstream.on("data", (answer: Buffer) => {
      if (random() < 1 / 3) {
        lost += 1;
        breakBoth();
      } else client.write(answer);
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get lost() {
      return lost;
    },
    close: async () => {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}
