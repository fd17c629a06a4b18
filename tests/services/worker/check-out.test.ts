import { once } from "node:events";
import { createServer, type AddressInfo, type Server } from "node:net";
import pg from "pg";
import { checkOut } from "../../../services/worker/check-out.ts";

let server: Server;
let pool: pg.Pool;

beforeEach(async () => {
  // In one packet: the connection is ready, and it is over.
  const answer = Buffer.concat([
    message("R", Buffer.alloc(4)),
    message("Z", Buffer.from("I")),
    message("E", Buffer.from("SFATAL\0C57P01\0Mterminated by an administrator\0\0")),
  ]);
  server = createServer((socket) => socket.once("data", () => socket.end(answer)));
  await once(server.listen(0, "127.0.0.1"), "listening");
  pool = new pg.Pool({ host: "127.0.0.1", port: (server.address() as AddressInfo).port });
});

afterEach(async () => {
  await pool.end();
  server.close();
});

test("a connection that is terminated as soon as it is made fails at its first statement", async () => {
  const client = await checkOut(pool);
  await expect(client.query("select 1")).rejects.toThrow();
  client.release(true);
});

test("fails where nobody listens", async () => {
  server.close();
  await expect(checkOut(pool)).rejects.toThrow("ECONNREFUSED");
});

/** One message of the server's, by PostgreSQL's protocol 3. */
function message(type: string, content: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(content.length + 4);
  return Buffer.concat([Buffer.from(type), length, content]);
}
