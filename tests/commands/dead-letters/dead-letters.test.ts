import pg from "pg";
import { pino } from "pino";
import { deadLetterGroups, groupsText } from "../../../commands/dead-letters/list.ts";
import { replayDeadLetters, replayedText } from "../../../commands/dead-letters/replay.ts";
import { showDeadLetter } from "../../../commands/dead-letters/show.ts";
import { deadLetter } from "../../../services/worker/outcome.ts";
import { pgBossQueue, type Queue } from "../../../services/worker/queue.ts";
import { waitFor } from "../../../local/wait.ts";
import { startWorkerDatabase, type WorkerDatabase } from "../../services/worker/worker-database.ts";

let database: WorkerDatabase;
let client: pg.Client;
let queue: Queue;
/** Messages that were tried, in order; each fails as long as there is something wrong. */
let tried: string[];
let isWrong: boolean;

beforeAll(async () => {
  database = await startWorkerDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
  queue = pgBossQueue(database.url, pino({ level: "silent" }));
  await queue.start({
    courier: {
      deliver: async (message: string) => {
        tried.push(message);
        return isWrong ? deadLetter("the webhook answered 503") : { kind: "ok" };
      },
    },
    cms: { publishedSince: async () => [] },
    watermarks: { read: async () => undefined },
  } as never);
}, 60_000);
afterAll(async () => {
  await queue.drain(5);
  await queue.stop();
  await client.end();
  await database.stop();
});
beforeEach(async () => {
  tried = [];
  isWrong = true;
  await client.query("delete from jobs.job where name like 'send-message%'");
});

test("jobs that were given up are listed by why, shown, and given back once", async () => {
  await giveUp("m1", "m2", "m3");
  const [group] = await deadLetterGroups(client);
  expect(group).toEqual({
    queue: "send-message",
    reason: "the webhook answered 503",
    jobs: 3,
    firstAt: expect.any(Date),
    lastAt: expect.any(Date),
    example: expect.any(String),
  });
  const { example } = group!;
  expect(groupsText([group!])).toBe(
    [
      "      3  send-message: the webhook answered 503",
      `    ${group!.firstAt.toISOString()} to ${group!.lastAt.toISOString()}`,
      `    npm run dead-letters -- show ${example}`,
    ].join("\n"),
  );
  const shown = await showDeadLetter(client, example);
  expect(shown).toMatchObject({ queue: "send-message", message: null });
  const { message } = shown.data as { message: string };

  isWrong = false;
  tried = [];
  expect(await replayDeadLetters(client, [example])).toEqual({ "send-message": 1 });
  await waitFor("the job", 10, async () => tried.length > 0 || undefined);
  expect(tried).toEqual([message]);
  await expect(replayDeadLetters(client, [example])).rejects.toThrow(
    `ID must be that of a dead letter, got "${example}"; npm run dead-letters -- list names some`,
  );
  const replayed = await replayDeadLetters(client, ["send-message"]);
  expect(replayedText(replayed)).toBe("      2  given back to send-message");
  await waitFor("the others", 10, async () => tried.length === 3 || undefined);
  expect(tried.sort()).toEqual(["m1", "m2", "m3"]);
  expect(groupsText(await deadLetterGroups(client))).toBe("no dead letters");
}, 60_000);

test("fails without anything to give back", async () => {
  await expect(replayDeadLetters(client, [])).rejects.toThrow(
    "replay must be given IDs, or queues (record-publication, notify-chat, send-message), got none; npm run dead-letters -- list names them",
  );
});

async function giveUp(...messages: string[]): Promise<void> {
  const jobs = messages.map((message) => ({ message, round: 1 }));
  await client.query("begin");
  await queue.sendMessages(jobs, client);
  await client.query("commit");
  await waitFor("the dead letters", 20, async () => {
    const groups = await deadLetterGroups(client);
    return groups[0]?.jobs === messages.length ? true : undefined;
  });
}
