import { waitFor } from "../../local/wait.ts";
import { generatedSecrets } from "../../stacks/secrets.ts";
import {
  adminSession,
  draftPage,
  makeApiToken,
  makeSiteUser,
  publishPage,
  shownApiToken,
  type AdminSession,
} from "./cms.ts";
import { npmRun } from "./command.ts";
import {
  opened,
  readSecrets,
  whatOpens,
  writeKeyOpens,
  type StackSecrets,
} from "./stack-secrets.ts";
import {
  configure,
  describeStack,
  query,
  removeStack,
  succeeded,
  type TestStack,
} from "./stack.ts";
import { startTraffic, type Traffic } from "./traffic.ts";

const NAME = "test-rotate";
const MINUTE = 60_000;
const secrets = generatedSecrets(["website"]);

// All secrets of one stack are rotated at once, under traffic; the tests after that look at what became of it.
describe("a stack whose secrets are all rotated", () => {
  let former: TestStack;
  let stack: TestStack;
  let formerSecrets: StackSecrets;
  let apiToken: string;
  let siteUser: number;
  let formerSession: AdminSession;
  let session: AdminSession;
  let traffic: Traffic;

  beforeAll(async () => {
    configure(NAME, {
      portBase: 30500,
      cmsReplicas: 2,
      collectorReplicas: 2,
      workerReplicas: 2,
    });
    succeeded(await npmRun("up", ["--stack", NAME]));
    former = await describeStack(NAME);
    formerSession = await adminSession(former);
    apiToken = await makeApiToken(former, formerSession.token);
    siteUser = await makeSiteUser(former, formerSession.token);
    formerSecrets = await readSecrets(NAME);
  }, 15 * MINUTE);

  afterAll(async () => {
    await removeStack(NAME);
  }, 5 * MINUTE);

  test("rotate without a name lists each secret with what it does, and no value", async () => {
    const listed = succeeded(await npmRun("rotate", ["--stack", NAME]));
    const names = listed
      .trim()
      .split("\n")
      .map((line) => line.split(" ")[0]);
    expect(names).toEqual(["SECRET", ...Object.keys(secrets)]);
    const values = Object.values(formerSecrets).flatMap((secret) => Object.values(secret));
    expect(values.filter((value) => value.length >= 16 && listed.includes(value))).toEqual([]);
  });

  test("fails on an unknown secret, naming the known ones", async () => {
    const run = await npmRun("rotate", ["cms-password", "--stack", NAME]);
    expect(run.code).toBe(1);
    expect(run.stderr).toContain("cms-encryption-key, cms-worker-api-token");
    expect(run.stderr).toContain('got "cms-password"');
  });

  test(
    "every secret is rotated while events and reads go on, and none fails",
    async () => {
      const people = { session: formerSession, siteUser };
      expect(await whatOpens(former, formerSecrets, people)).toEqual(allOpen());
      traffic = startTraffic(former, "Rotation");
      const run = await npmRun("rotate", [...Object.keys(secrets), "--stack", NAME]);
      stack = await describeStack(NAME);
      const { events, reads } = await traffic.stop();
      succeeded(run);
      expect(traffic.problems).toEqual([]);
      expect(reads).toBeGreaterThan(100);
      const rows = await waitFor("the last event in PostgreSQL", 60, async () => {
        const [{ count } = { count: 0 }] = await query<{ count: number }>(
          stack.database,
          "select count(*)::int from events.event where name = 'Rotation'",
        );
        return count >= events ? count : undefined;
      });
      expect(rows).toBe(events);
    },
    10 * MINUTE,
  );

  test("the new values open, the former ones are refused, but for the write keys", async () => {
    session = await adminSession(stack);
    const people = { session, siteUser };
    expect(await whatOpens(stack, await readSecrets(NAME), people)).toEqual(allOpen());
    expect(await whatOpens(stack, formerSecrets, people)).toEqual({
      "cms-admin-password": "400",
      "cms-admin-jwt-secret": "401",
      "cms-jwt-secret": "401",
      "cms-app-keys": "signed by another key",
      "cms-worker-api-token": "401",
      "cms-content-api-token": "401",
      "cms-webhook-token": "401",
      "collector-website": "open",
      "collector-mail": "open",
      "database-postgres": "28P01",
      "database-cms": "28P01",
      "database-collector": "28P01",
      "database-worker": "28P01",
    });
    expect(await opened(stack, former.database)).toBe("28P01");
  });

  test("nothing in the Secrets is as it was, and only write keys have a former value", async () => {
    const now = await readSecrets(NAME);
    const same = Object.entries(now).flatMap(([name, values]) =>
      Object.entries(values)
        .filter(([key, value]) => formerSecrets[name]?.[key] === value)
        .map(([key]) => `${name} ${key}`),
    );
    expect(same).toEqual(["cms ADMIN_EMAIL"]);
    const keys = Object.values(now).flatMap((values) => Object.keys(values));
    expect(keys.filter((key) => key.endsWith("_PREVIOUS"))).toEqual([]);
    expect(Object.keys(JSON.parse(now.collector!.SOURCES!).website)).toEqual([
      "writeKey",
      "previousWriteKey",
    ]);
  });

  test("an API token made by hand ends with the salt, and the worker's is shown again", async () => {
    const answer = await fetch(new URL("/api/pages", stack.urls.cms), {
      headers: { authorization: `Bearer ${apiToken}` },
    });
    expect(answer.status).toBe(401);
    const { cms } = await readSecrets(NAME);
    expect(await shownApiToken(stack, session.token, "worker")).toBe(cms!.WORKER_API_TOKEN);
  });

  test("the CMS still tells the worker of a publication", async () => {
    const page = { title: "Rotated", slug: "rotated" };
    const id = await draftPage(stack, session.token, page);
    await publishPage(stack, session.token, id, page);
    await waitFor("the publication in the ledger", 60, async () =>
      (
        await query(
          stack.database,
          "select 1 from ledger.change where details::text like '%' || $1 || '%'",
          [id],
        )
      ).at(0),
    );
  });

  test("up changes nothing afterwards", async () => {
    const run = await npmRun("up", ["--stack", NAME]);
    expect(succeeded(run)).toContain("nothing had to change");
  });

  test(
    "--retire ends the former write key",
    async () => {
      succeeded(await npmRun("rotate", ["collector-website", "--retire", "--stack", NAME]));
      expect(await writeKeyOpens(stack, await readSecrets(NAME))).toBe("open");
      expect(await writeKeyOpens(stack, formerSecrets)).toBe("401");
    },
    5 * MINUTE,
  );
});

function allOpen(): Record<string, string> {
  return {
    "cms-admin-password": "open",
    "cms-admin-jwt-secret": "open",
    "cms-jwt-secret": "open",
    "cms-app-keys": "open",
    "cms-worker-api-token": "open",
    "cms-content-api-token": "open",
    "cms-webhook-token": "open",
    "collector-website": "open",
    "collector-mail": "open",
    "database-postgres": "open",
    "database-cms": "open",
    "database-collector": "open",
    "database-worker": "open",
  };
}
