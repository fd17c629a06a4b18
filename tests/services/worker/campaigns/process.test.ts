import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { waitFor } from "../../../../local/wait.ts";
import { openWorkerStand, pageOf, type WorkerStand } from "../worker-stand.ts";
import { letterCampaign } from "./a-campaign.ts";
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

test("letters are refused by a worker without a mail server, and taken by one that has one", async () => {
  const { cluster } = api;
  const ready = (generation: number) =>
    waitFor(`the status of generation ${generation}`, 20, async () =>
      cluster
        .status("greeting")
        ?.conditions.find(
          ({ type, observedGeneration }) => type === "Ready" && observedGeneration === generation,
        ),
    );
  const spec = letterCampaign({
    locales: ["en"],
    content: { welcome: { type: "page", slug: "home" } },
  });
  stand.outside.entries.push(pageOf("home"));
  cluster.apply("greeting", spec);
  const bare = await stand.start();
  expect(await ready(1)).toMatchObject({
    status: "False",
    message:
      "channels.letters.kind must not be email where no mail server is configured, got email; set smtpUrl, or take the channel out",
  });
  await bare.end("SIGTERM");
  cluster.apply("greeting", { ...spec, purpose: "Greets whoever signs up." });
  await stand.start({
    MAIL: JSON.stringify({
      smtpUrl: "smtp+plain://127.0.0.1:9",
      linkKey: "K".repeat(32),
      collectorUrl: "https://events.example",
      siteUrl: "https://shop.example",
    }),
  });
  expect(await ready(2)).toMatchObject({ status: "True", message: "" });
}, 60_000);
