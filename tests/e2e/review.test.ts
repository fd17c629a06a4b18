import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { statePath } from "../../local/paths.ts";
import { waitFor } from "../../local/wait.ts";
import { clone, npmRun } from "./command.ts";
import { killedMidway } from "./killed-command.ts";
import { monitoredOf } from "./monitored.ts";
import { describeStack, kubectl, pulumi, query, succeeded, type TestStack } from "./stack.ts";

const MINUTE = 60_000;
const YESTERDAY = new Date(Date.now() - 24 * 60 * MINUTE).toISOString();

// Two reviews' lives in order. Each test stands on the ones before it.
describe("review stacks", () => {
  let first: TestStack;
  let second: TestStack;
  let out: string;

  beforeAll(() => {
    out = mkdtempSync(join(tmpdir(), "marketing-stack-review-"));
  });

  afterAll(async () => {
    for (const name of ["e2e-one", "e2e-two", "e2e-half"]) await npmRun("review", ["down", name]);
    rmSync(out, { recursive: true });
  });

  test(
    "one comes up while another is killed in the midst of it, and the next up finishes that one",
    async () => {
      const [one] = await Promise.all([
        npmRun("review", ["up", "e2e-one", "--out", out]),
        killedMidway("review", ["up", "e2e-two"], {
          moment: () => has("review-e2e-two", "statefulset/database"),
          within: 600,
        }),
      ]);
      succeeded(one);
      succeeded(await npmRun("review", ["up", "e2e-two", "--hours", "1"]));
      first = await describeStack("review-e2e-one");
      second = await describeStack("review-e2e-two");
    },
    30 * MINUTE,
  );

  test("a second up changes nothing", async () => {
    const again = await npmRun("review", ["up", "e2e-one"]);
    expect(succeeded(again)).toContain("nothing had to change");
  });

  test("the pull request is told where it is, and no secret", () => {
    const text = readFileSync(join(out, "review.md"), "utf8");
    expect(text).toContain(`\`${first.urls.cms}/admin\``);
    for (const secret of [first.admin.password, ...Object.values(first.writeKeys)]) {
      expect(text).not.toContain(secret);
    }
  });

  test("each has content, seed events and a database of its own", async () => {
    const event = {
      event: "Only Here",
      messageId: "only-here",
      anonymousId: "visitor",
      context: { consent: { categoryPreferences: { analytics: true } } },
    };
    const answer = await fetch(new URL("/v1/track", first.urls.collector), {
      method: "POST",
      headers: { authorization: `Basic ${btoa(`${first.writeKeys.website}:`)}` },
      body: JSON.stringify(event),
    });
    expect(answer.status).toBe(200);
    const seeds = [1, 2, 3, 4, 5].map((number) => `seed-${number}`);
    await waitFor("all events of the first", 30, async () =>
      (await ids(first)).length === 6 ? true : undefined,
    );
    expect(await ids(first)).toEqual(["only-here", ...seeds]);
    expect(await ids(second)).toEqual(seeds);
    for (const { urls } of [first, second]) {
      const pages = await fetch(new URL("/api/pages?locale=en", urls.cms));
      expect(((await pages.json()) as { data: unknown[] }).data.length).toBeGreaterThan(0);
    }
    expect(first.writeKeys).not.toEqual(second.writeKeys);
  });

  test(
    "sweep removes exactly what has expired, and says what it keeps and until when",
    async () => {
      await expire("review-e2e-one");
      const said = succeeded(await npmRun("review", ["sweep"]));
      expect(said).toContain(`removed review-e2e-one, expired ${YESTERDAY}\n`);
      expect(said).toMatch(/kept review-e2e-two until \d{4}-/);
      expect(await leftOf("review-e2e-one")).toEqual([]);
      expect((await describeStack("review-e2e-two")).urls).toEqual(second.urls);
    },
    10 * MINUTE,
  );

  test(
    "sweep finishes a removal that was killed",
    async () => {
      await killedMidway("review", ["down", "e2e-two"], {
        moment: async () => !(await has("review-e2e-two", "statefulset/collector")),
        within: 120,
      });
      const said = succeeded(await npmRun("review", ["sweep"]));
      expect(said).toContain("removed review-e2e-two, expired ");
      expect(await leftOf("review-e2e-two")).toEqual([]);
    },
    10 * MINUTE,
  );

  test("what was killed before it had an expiry gets one from sweep, and is removed like the others", async () => {
    succeeded(await pulumi(["stack", "init", "--no-select", "review-e2e-half"]));
    const kept = succeeded(await npmRun("review", ["sweep"]));
    expect(kept).toMatch(/^kept review-e2e-half, half made, until /m);
    expect(succeeded(await npmRun("review", ["list"]))).toMatch(
      /^review-e2e-half\tno ports yet\tuntil \d{4}-/m,
    );
    await expire("review-e2e-half");
    succeeded(await npmRun("review", ["sweep"]));
    expect(await leftOf("review-e2e-half")).toEqual([]);
  });

  test("a review of another clone is swept without its configuration", async () => {
    succeeded(await pulumi(["stack", "init", "--no-select", "review-e2e-half"]));
    rmSync(join(clone, "Pulumi.review-e2e-half.yaml"));
    await expire("review-e2e-half");
    succeeded(await npmRun("review", ["sweep"]));
    expect(await leftOf("review-e2e-half")).toEqual([]);
  });

  test("down of a review that is not there says so", async () => {
    expect(succeeded(await npmRun("review", ["down", "e2e-half"]))).toBe(
      "There is no review-e2e-half.\n",
    );
  });

  test("fails on a branch's name, with one that would do", async () => {
    const run = await npmRun("review", ["up", "feature/Spring Sale"]);
    expect(run).toMatchObject({ code: 1, stdout: "" });
    expect(run.stderr).toContain("take feature-spring-sale");
  });
});

async function expire(stack: string): Promise<void> {
  const tag = ["marketing-stack:expires-at", YESTERDAY];
  succeeded(await pulumi(["stack", "tag", "set", ...tag, "--stack", stack]));
}

async function has(namespace: string, object: string): Promise<boolean> {
  const get = ["get", object, "--ignore-not-found", "--output=name"];
  return (await kubectl(`--namespace=${namespace}`, ...get)) !== "";
}

async function ids({ database }: TestStack): Promise<string[]> {
  const text = "select id from events.event where id not like 'stack-verified-%' order by id";
  return (await query<{ id: string }>(database, text)).map(({ id }) => id);
}

/** Every trace of a stack on this machine, by where it was found. */
async function leftOf(stack: string): Promise<string[]> {
  const traces: Record<string, boolean> = {
    namespace: (await kubectl("get", "namespaces", "--output=name")).includes(`/${stack}\n`),
    volume: (await kubectl("get", "persistentvolumes", "--output=json")).includes(`"${stack}"`),
    monitored: (await monitoredOf(stack)).length > 0,
    state: (await pulumi(["stack", "ls", "--json"])).stdout.includes(`"${stack}"`),
    configuration: existsSync(join(clone, `Pulumi.${stack}.yaml`)),
    credentials: existsSync(join(statePath, "stacks", stack)),
  };
  return Object.keys(traces).filter((trace) => traces[trace]);
}
