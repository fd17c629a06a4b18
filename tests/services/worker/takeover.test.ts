import { waitFor } from "../../../local/wait.ts";
import { openWorkerStand, type WorkerStand } from "./worker-stand.ts";

let stand: WorkerStand;
beforeEach(async () => {
  stand = await openWorkerStand();
}, 60_000);
afterEach(() => stand.stop(), 60_000);

test("a job whose worker is killed is taken over by another within 30 s", async () => {
  const { outside } = stand;
  outside.chat = "hold";
  const killed = await stand.start();
  await stand.publish(killed, "home");
  await waitFor("the job in the chat", 20, async () => outside.held.length > 0 || undefined);
  await stand.start();
  outside.chat = "take";
  await killed.end("SIGKILL");
  await waitFor("the job taken over", 30, async () => outside.messages.length > 0 || undefined);
  expect(outside.messages).toEqual(['page "home" (home, en) was published']);
  expect(await stand.subjects()).toEqual(["page/home/en"]);
}, 90_000);
