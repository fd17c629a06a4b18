import type pg from "pg";

/** A connection of a pool, for one who gives it back with {@link giveBack}, or closes it with `release(true)`. */
export function checkOut(pool: pg.Pool): Promise<pg.PoolClient> {
  return new Promise((resolve, reject) => {
    // Not its promise: a connection that ends as soon as it is made says so before a promise is heard.
    pool.connect((error, client) => {
      if (!client) return reject(error!);
      client.on("error", ignore);
      resolve(client);
    });
  });
}

/** Gives a connection back to its pool, for others. */
export function giveBack(client: pg.PoolClient): void {
  client.off("error", ignore);
  client.release();
}

/** Without a listener a terminated backend would end the process; the statement fails by itself. */
function ignore(): void {}
