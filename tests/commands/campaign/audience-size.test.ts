import { readFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { audienceSizes } from "../../../commands/campaign/audience-size.ts";
import type { CampaignAudience, CampaignSpec } from "../../../services/contract/campaign.ts";
import { followLog } from "../../../services/worker/profiles/follow.ts";
import { at, sent, storeEvents } from "../../services/worker/event-log.ts";
import { startWorkerDatabase, type WorkerDatabase } from "../../services/worker/worker-database.ts";
import { clonePath } from "../../../local/paths.ts";

let database: WorkerDatabase;
let pool: pg.Pool;
let reader: pg.Client;
beforeAll(async () => {
  database = await startWorkerDatabase();
  pool = new pg.Pool({ connectionString: database.url, max: 2 });
  // What the stack gives the login.
  const schemas = readFileSync(join(clonePath, "infra", "database-schema.ts"), "utf8");
  expect(schemas).toContain("GRANT USAGE ON SCHEMA jobs, profiles TO reader;");
  expect(schemas).toContain(
    "ALTER DEFAULT PRIVILEGES FOR ROLE worker GRANT SELECT ON TABLES TO reader;",
  );
  await database.admin.query(
    "grant usage on schema profiles to reader; grant select on all tables in schema profiles to reader",
  );
  reader = new pg.Client({ connectionString: database.url.replace("//worker@", "//reader@") });
  await reader.connect();
});
afterAll(async () => {
  await reader.end();
  await pool.end();
  await database.stop();
});

function campaign(audience: CampaignAudience): CampaignSpec {
  return { audience, consentBasis: ["analytics", "email"] } as unknown as CampaignSpec;
}

test("audiences are counted over all people, each once, as login reader", async () => {
  const campaigns = new Map([
    ["everybody", campaign({ all: [] })],
    ["buyers", campaign({ all: [{ event: "Bought", atLeast: 2, withinDays: 30 }] })],
    [
      "in-graz",
      campaign({
        all: [{ trait: "city", oneOf: ["Graz"] }],
        none: [{ event: "Bought", atLeast: 1 }],
      }),
    ],
    ["nobody", campaign({ all: [{ trait: "city", oneOf: ["Linz"] }] })],
  ]);
  const now = new Date(at(2 * 24 * 60));
  expect(await audienceSizes(reader, campaigns, now, 2)).toMatchObject({ known: 0 });

  const consent = ["analytics", "email"];
  await storeEvents(database.admin, [
    // One person of two ids, one purchase by each.
    sent({ name: "Bought", anonymousId: "a", minute: 1 }),
    sent({ type: "identify", anonymousId: "a", userId: "u", minute: 2 }),
    sent({ name: "Bought", userId: "u", minute: 3, consent }),
    sent({ type: "identify", userId: "v", minute: 4, properties: { city: "Graz" }, consent }),
    sent({ type: "identify", userId: "w", minute: 5, properties: { city: "Graz" } }),
    // More than are read at once.
    ...Array.from({ length: 1200 }, (_, index) =>
      sent({ name: "Viewed", userId: `x${index}`, minute: 6, consent }),
    ),
  ]);
  while ((await followLog(pool, async () => undefined)).behind);

  const { sizes, known, samples } = await audienceSizes(reader, campaigns, now, 2);
  expect(known).toBe(1203);
  expect(sizes).toEqual([
    { campaign: "everybody", people: 1203, agreed: 1202 },
    { campaign: "buyers", people: 1, agreed: 1 },
    { campaign: "in-graz", people: 2, agreed: 1 },
    { campaign: "nobody", people: 0, agreed: 0 },
  ]);
  expect(samples.get("in-graz")).toEqual([
    { traits: { city: "Graz" } },
    { traits: { city: "Graz" } },
  ]);
  expect(samples.get("everybody")).toHaveLength(2);
  expect(samples.get("nobody")).toEqual([]);
  // Thirty days later nobody has bought lately.
  const later = new Date(now.getTime() + 40 * 24 * 60 * 60_000);
  const [, buyers] = (await audienceSizes(reader, campaigns, later, 0)).sizes;
  expect(buyers).toEqual({ campaign: "buyers", people: 0, agreed: 0 });
});
