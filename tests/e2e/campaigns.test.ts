import type { HoldReport } from "../../commands/campaign/hold.ts";
import type { StatusReport } from "../../commands/campaign/status.ts";
import { callApi, type ApiAnswer } from "../../local/cluster/api.ts";
import { waitFor } from "../../local/wait.ts";
import {
  rightCampaigns,
  welcomeWith,
  wrongCampaigns,
} from "../stacks/campaigns/wrong-campaigns.ts";
import { copyOfClone } from "./changed-clone.ts";
import { npmRun } from "./command.ts";
import { bringUpPlainStack, PLAIN_STACK } from "./plain-stack.ts";
import { describeStack, kubectl, pulumi, query, succeeded } from "./stack.ts";

const MINUTE = 60_000;
const campaigns = "/apis/marketing.stack/v1alpha1/namespaces/default/campaigns";

/** What the API server answers to a campaign that it is not to keep. */
function offer(spec: object): Promise<ApiAnswer> {
  const body = {
    apiVersion: "marketing.stack/v1alpha1",
    kind: "Campaign",
    metadata: { name: "offered" },
    spec,
  };
  const query = "?dryRun=All&fieldValidation=Strict";
  return callApi("POST", campaigns + query, { type: "application/json", body });
}

/**
 * Fields that the API server refuses, as lint names them. For a rule that could not be evaluated it names what the rule
 * stands beside; `known` says which field in it is meant.
 */
function refused({ status, body }: ApiAnswer, known: readonly string[]): string[] {
  if (status === 201) return [];
  const { message, details } = JSON.parse(body) as {
    message: string;
    details?: { causes?: { field: string; message: string }[] };
  };
  const causes = details?.causes?.filter(({ message }) => !message.includes("not checked"));
  if (!causes) return [message];
  const fields = causes
    .map(({ field }) => field.replace(/^spec\./, "").replace(/\[([a-z][^\]]*)\]/g, ".$1"))
    .map((field) => known.find((inner) => inner.startsWith(`${field}.`)) ?? field);
  return [...new Set(fields)];
}

test("the API server refuses what lint refuses, for the same fields", async () => {
  const found: [string, string[]][] = [];
  for (const [title, changes, fields] of wrongCampaigns) {
    found.push([title, refused(await offer(welcomeWith(changes)), fields)]);
  }
  expect(found).toEqual(wrongCampaigns.map(([title, , fields]) => [title, fields]));
});

test("the API server takes what lint takes", async () => {
  const found: [string, string[]][] = [];
  for (const [title, changes] of rightCampaigns) {
    found.push([title, refused(await offer(welcomeWith(changes)), [])]);
  }
  expect(found).toEqual(rightCampaigns.map(([title]) => [title, []]));
});

test("fails on a field that the schema does not know", async () => {
  const { status, body } = await offer(welcomeWith({ "window.zone": "UTC" }));
  expect([status, body]).toEqual([
    400,
    expect.stringContaining('unknown field \\"spec.window.zone'),
  ]);
});

// One stack whose campaigns are those of the clone. Each test stands on the ones before it.
describe("campaigns of a stack", () => {
  let database: string;
  const campaign = async <T>(...args: string[]): Promise<T> =>
    JSON.parse(
      succeeded(await npmRun("campaign", [...args, "--json", "--stack", PLAIN_STACK])),
    ) as T;

  beforeAll(async () => {
    await bringUpPlainStack();
    ({ database } = await describeStack(PLAIN_STACK));
  }, 20 * MINUTE);

  test("up deploys every file, and ends when the worker has accepted them", async () => {
    // What other tests deployed may be there for a round of the worker's.
    const { outbound, campaigns } = await waitFor("the two campaigns alone", 60, async () => {
      const status = await campaign<StatusReport>("status");
      return status.campaigns.length === 2 ? status : undefined;
    });
    expect(outbound).toBe("allowed");
    expect(campaigns.map(({ name, accepted, problems }) => ({ name, accepted, problems }))).toEqual(
      [
        { name: "spring-sale", accepted: true, problems: [] },
        { name: "welcome", accepted: true, problems: [] },
      ],
    );
    const flags = await waitFor("the flag of the one on the web alone", 30, async () => {
      const text = "select key, flag->>'campaign' as campaign from events.flags";
      const rows = await query(database, text);
      return rows.length === 1 ? rows : undefined;
    });
    expect(flags).toEqual([{ key: "spring-sale", campaign: "spring-sale" }]);
  });

  test("fails to preview a wrong campaign, naming file, field, value and remedy", async () => {
    const copy = await copyOfClone([`Pulumi.${PLAIN_STACK}.yaml`]);
    try {
      copy.replace("campaigns/welcome.yaml", "letter, percent: 100", "letter, percent: 90");
      const run = await pulumi(["preview", "--stack", PLAIN_STACK], copy.path);
      expect(run.code).not.toBe(0);
      expect(run.stdout + run.stderr).toMatch(
        /campaigns\/welcome.yaml:\d+: variants must have percents that sum up to 100, got /,
      );
    } finally {
      copy.remove();
    }
  });

  test("one campaign is paused and goes on", async () => {
    const paused = await campaign<HoldReport>("pause", "campaigns/welcome.yaml");
    expect(paused).toMatchObject({ action: "pause", campaigns: ["welcome"], all: false });
    const { campaigns } = await campaign<StatusReport>("status");
    expect(campaigns.map(({ phase }) => phase === "paused")).toEqual([false, true]);
    await campaign<HoldReport>("resume", "campaigns/welcome.yaml");
  });

  test("all outbound is stopped within 10 s and says what it held back, and goes on", async () => {
    const stopped = await campaign<HoldReport>("stop", "--all");
    expect(stopped).toMatchObject({ action: "stop", all: true, heldBack: {} });
    expect(stopped.seconds).toBeLessThan(10);
    expect(await query(database, "select stopped from campaigns.outbound")).toEqual([
      { stopped: true },
    ]);
    const resumed = await campaign<HoldReport>("resume", "--all");
    expect(resumed.seconds).toBeLessThan(10);
  });

  test("the worker tells the cluster what became of a campaign", async () => {
    await waitFor("the event of the pause", 30, async () => {
      const messages = await kubectl(
        `--namespace=${PLAIN_STACK}`,
        "get",
        "events",
        "--field-selector=involvedObject.name=welcome,reason=PhaseChanged",
        "--output=jsonpath={.items[*].message}",
      );
      return messages.includes("to paused") || undefined;
    });
  });
});
