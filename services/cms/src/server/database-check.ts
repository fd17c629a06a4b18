import type { Core } from "@strapi/strapi";

const TIMEOUT_SECONDS = 2;

/**
 * Resolves if the database answers a query through Strapi's own pool.
 *
 * @throws Error if it does not within two seconds.
 */
export async function checkDatabase(strapi: Core.Strapi): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`the database must answer within ${TIMEOUT_SECONDS} s`)),
      TIMEOUT_SECONDS * 1_000,
    );
  });
  try {
    await Promise.race([strapi.db.connection.raw("select 1"), late]);
  } finally {
    clearTimeout(timer);
  }
}
