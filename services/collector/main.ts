import { once } from "node:events";
import type { Server } from "node:http";
import type { Server as TlsServer } from "node:https";

import pg from "pg";
import pino from "pino";

import { MAIL_SOURCE } from "../contract/mail-feedback.ts";
import { App } from "./app.ts";
import { BadRowSink } from "./bad-row-sink.ts";
import { followCertificate, readCertificate } from "./certificate.ts";
import { readConfig } from "./config.ts";
import type { Config } from "./config.ts";
import { dialects as eventDialects } from "./dialects/all.ts";
import { drain, drainOnce } from "./drain.ts";
import type { DrainArgs } from "./drain.ts";
import { decisionDialects } from "./flags/all.ts";
import { FlagTable } from "./flags/flag-table.ts";
import { Flags } from "./flags/flags.ts";
import { lockFolder } from "./folder-lock.ts";
import { HttpFront } from "./http-front.ts";
import { mailDialect } from "./mail/mail.ts";
import { Metrics } from "./metrics.ts";
import { EVENT_TABLE, PostgresSink, REFUSAL_TABLE } from "./postgres-sink.ts";
import type { Sink } from "./sink.ts";
import { PublishedLog } from "./published-log.ts";
import { Sources } from "./sources.ts";
import { Spool } from "./spool.ts";

/** How long clients that keep a connection may take to call again and be told to leave, in milliseconds. */
const LINGER_MS = 2_000;

/** How long the end waits for requests, and then for the database, in milliseconds. */
const FINISH_REQUESTS_MS = 10_000;
const LAST_DRAIN_MS = 5_000;

/** How long what is drained may stay on the spool's disk, in seconds, and how often that is looked at, in milliseconds. */
const SEGMENT_SECONDS = 120;
const SEAL_EVERY_MS = 30_000;

/** How often the certificate is looked at, in milliseconds: Kubernetes itself takes a minute to bring a new one. */
const CERTIFICATE_EVERY_MS = 10_000;

/** How often flags are read anew, and how long the start waits for the first time, in milliseconds. */
const FLAGS_EVERY_MS = 3_000;
const FIRST_FLAGS_MS = 2_000;

const config = configOrExit();
// Synchronous, so that the last lines before an exit are not lost.
const log = pino(
  { level: config.logLevel, base: { service: "collector" } },
  pino.destination({ dest: 1, sync: true }),
);
const onTrouble = (message: string, error: Error): void => {
  log.warn({ error: error.message, cause: (error.cause as Error | undefined)?.message }, message);
};

// Kubernetes starts the next pod beside the one that is deleted with --force.
await lockFolder(config.spoolDir, () =>
  log.warn("waiting for another collector that has this spool to end"),
);
const spool = await Spool.open({ folder: config.spoolDir, maxBytes: config.spoolMaxBytes });
const pool = new pg.Pool({
  connectionString: config.databaseUrl,
  max: 1,
  connectionTimeoutMillis: 5_000,
  keepAlive: true,
});
pool.on("error", (error) => onTrouble("the connection to PostgreSQL broke", error));

const flagTable = new FlagTable(config.databaseUrl, onTrouble);
const flags = await Flags.open({
  read: () => flagTable.rows(),
  folder: config.spoolDir,
  onTrouble,
});
const mail = config.sources.find(({ name }) => name === MAIL_SOURCE);
const mailKeys = [mail?.writeKey, mail?.previousWriteKey].filter((key) => key !== undefined);
const dialects = [
  ...eventDialects,
  ...decisionDialects(flags),
  ...(mail ? [mailDialect(mailKeys)] : []),
];

const sources = new Sources(config.sources);
const metrics = new Metrics({
  sources: sources.names,
  dialects: dialects.map(({ name }) => name),
  spool,
});
const app = new App({ sources, dialects, spool, metrics, onTrouble });
const front = new HttpFront(app);
const servers: (Server | TlsServer)[] = [front.server()];
const stopFollowing = new AbortController();
if (config.tlsDir !== undefined) {
  const certificate = await readCertificate(config.tlsDir);
  const tls = front.tlsServer(certificate);
  servers.push(tls);
  const { signal } = stopFollowing;
  void followCertificate(tls, config.tlsDir, certificate, CERTIFICATE_EVERY_MS, onTrouble, signal);
}

const drainArgs: DrainArgs = {
  spool,
  good: await eventSink(),
  bad: new BadRowSink(pool),
  refusals: new PostgresSink(pool, REFUSAL_TABLE),
  onTrouble,
};
const stopDraining = new AbortController();
const draining = drain(drainArgs, stopDraining.signal);
const sealing = setInterval(() => {
  spool.sealOlderThan(SEGMENT_SECONDS).catch((error: Error) => {
    onTrouble("cannot end a segment of the spool, will try again", error);
  });
}, SEAL_EVERY_MS);
void flags.follow(FLAGS_EVERY_MS, stopFollowing.signal);
await Promise.race([flags.looked, after(FIRST_FLAGS_MS)]);

for (const [index, server] of servers.entries()) {
  server.listen(index === 0 ? config.port : config.tlsPort);
  await once(server, "listening");
}
log.info({ port: config.port, sources: sources.names, spoolBytes: spool.bytes }, "listening");

await once(process, "SIGTERM");
log.info("stopping");
app.stopBeingReady();
stopFollowing.abort();
await after(LINGER_MS);
const closed = Promise.all(
  servers.map((server) => new Promise((resolve) => server.close(resolve))),
);
for (const server of servers) server.closeIdleConnections();
await Promise.race([closed, after(FINISH_REQUESTS_MS)]);
for (const server of servers) server.closeAllConnections();
clearInterval(sealing);
stopDraining.abort();
await Promise.race([draining, after(LAST_DRAIN_MS)]);
await spool.close();
await Promise.race([drainOnce(drainArgs), after(LAST_DRAIN_MS)]).catch((error: Error) => {
  onTrouble("what is left in the spool will be drained after the next start", error);
});
log.info({ spoolBytes: spool.bytes }, "stopped");
process.exit(0);

async function eventSink(): Promise<Sink> {
  const eventLog = new PostgresSink(pool, EVENT_TABLE);
  if (config.eventTopic === undefined) return eventLog;
  // Where nothing is published, the client is not even loaded.
  const { PubSubSink } = await import("./pubsub-sink.ts");
  return new PublishedLog(eventLog, new PubSubSink(config.eventTopic));
}

function configOrExit(): Config {
  try {
    return readConfig(process.env);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    return process.exit(1);
  }
}

function after(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds).unref());
}
