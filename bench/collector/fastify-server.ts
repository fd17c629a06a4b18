import { fastify } from "fastify";

import { encodeRecord, RECORD_KINDS } from "../../services/collector/record.ts";
import { Spool } from "../../services/collector/spool.ts";

// What the collector is compared to: a framework, with the same write-ahead log; checks nothing.
const spool = await Spool.open({ folder: process.env.SPOOL_DIR!, maxBytes: 2 ** 40 });
const app = fastify({ bodyLimit: 20 * 1024 * 1024 });
app.post<{ Body: { batch: object[] } }>("/v1/batch", async ({ body }) => {
  const at = Date.now();
  await spool.append(
    body.batch.map((event) => encodeRecord(RECORD_KINDS.event, JSON.stringify(event), at)),
  );
  return { success: true };
});
await app.listen({ port: Number(process.env.PORT), host: "127.0.0.1" });
