import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { waitFor } from "../../../../local/wait.ts";
import { openWorkerStand, type WorkerStand } from "../worker-stand.ts";
import { startApiServer, type ApiServer } from "./api-server.ts";
import { webCampaign } from "./web-campaign.ts";

let folder: string;
let api: ApiServer;
let stand: WorkerStand;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "campaigns-"));
  api = await startApiServer(folder);
  stand = await openWorkerStand({ KUBECONFIG: api.kubeconfig });
}, 60_000);
afterAll(async () => {
  await stand.stop();
  await api.stop();
  rmSync(folder, { recursive: true, force: true });
});

test("several workers keep campaigns as the cluster has them, by its API", async () => {
  const { cluster } = api;
  cluster.apply("sale", webCampaign());
  const workers = await Promise.all([stand.start(), stand.start()]);
  const ready = await waitFor("the status of a campaign", 20, async () =>
    cluster.status("sale")?.conditions.find(({ type }) => type === "Ready"),
  );
  // The CMS of these tests has no landing pages.
  expect([ready.status, ready.reason]).toEqual(["False", "Refused"]);
  const [event] = await waitFor("an event", 20, async () =>
    cluster.events.length > 0 ? cluster.events : undefined,
  );
  expect(event).toBe(`Warning Refused sale: ${ready.message}`);
  cluster.stopOutbound(true);
  await waitFor("the kill switch in the database", 10, async () => {
    const { rows } = await stand.database.admin.query("select stopped from campaigns.outbound");
    return rows[0].stopped ? true : undefined;
  });
  expect(await Promise.all(workers.map((worker) => worker.end("SIGTERM")))).toEqual([0, 0]);
}, 60_000);
