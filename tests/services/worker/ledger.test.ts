import { postgresLedger } from "../../../services/worker/ledger.ts";
import { publicationOf } from "../../../services/worker/publication.ts";
import { workerDatabase } from "./worker-database.ts";

const database = workerDatabase();
const publication = publicationOf(
  "publish",
  "page",
  { documentId: "abc", locale: "en", slug: "home", title: "Half a 😀: \ud83d, and NUL: \0" },
  "2026-11-01T10:00:00.000Z",
)!;

beforeEach(() => database.admin.query("truncate ledger.change"));

test("a publication is one row, as the history reads it", async () => {
  expect(await postgresLedger(database.pool).record(publication, nothing)).toBe(true);
  const { rows } = await database.admin.query(
    "select id, kind, subject, actor, occurred_at, details from ledger.change",
  );
  expect(rows).toEqual([
    {
      id: publication.id,
      kind: "content.publish",
      subject: "page/home/en",
      actor: "cms",
      occurred_at: new Date("2026-11-01T10:00:00.000Z"),
      details: { ...publication, title: "Half a 😀: , and NUL: " },
    },
  ]);
});

test("what has to happen once happens once, also when recorded by many at a time", async () => {
  let happened = 0;
  const results = await Promise.all(
    Array.from({ length: 8 }, () =>
      postgresLedger(database.pool).record(publication, async () => void (happened += 1)),
    ),
  );
  expect(results.filter(Boolean)).toHaveLength(1);
  expect(happened).toBe(1);
});

test("fails without a row when what belongs to it fails", async () => {
  const ledger = postgresLedger(database.pool);
  await expect(
    ledger.record(publication, () => Promise.reject(new Error("cannot be enqueued"))),
  ).rejects.toThrow("cannot be enqueued");
  expect((await database.admin.query("select 1 from ledger.change")).rowCount).toBe(0);
  expect(await ledger.record(publication, nothing)).toBe(true);
});

test("fails when its backend is terminated midway, and the next one works", async () => {
  const ledger = postgresLedger(database.pool);
  await expect(
    ledger.record(publication, async (transaction) => {
      await transaction.query("select pg_terminate_backend(pg_backend_pid())");
    }),
  ).rejects.toThrow("terminating connection");
  expect(await ledger.record(publication, nothing)).toBe(true);
});

test("fails to change or remove a row as the worker", async () => {
  await expect(database.pool.query("update ledger.change set kind = 'x'")).rejects.toThrow(
    "permission",
  );
  await expect(database.pool.query("delete from ledger.change")).rejects.toThrow("permission");
});

async function nothing(): Promise<void> {}
