import { OFREPProvider } from "@openfeature/ofrep-provider";
import { OpenFeature } from "@openfeature/server-sdk";
import { Analytics } from "@segment/analytics-node";
import { waitFor } from "../../local/wait.ts";
import { copyOfClone } from "./changed-clone.ts";
import { npmRunWithFilesOf } from "./in-place.ts";
import { liveCampaign } from "./live-campaign.ts";
import { bringUpPlainStack, PLAIN_STACK } from "./plain-stack.ts";
import { describeStack, query, succeeded, type TestStack } from "./stack.ts";

const MINUTE = 60_000;
const PEOPLE = 400;
const consent = { analytics: true, personalization: true };

// Two campaigns on the web of one stack, and the same people in both. Each test stands on the ones before it.
describe("experiments of campaigns", () => {
  const run = Date.now();
  let copy: Awaited<ReturnType<typeof copyOfClone>>;
  let stack: TestStack;

  /** The variant that the edge gives a person, as a site asks by the official SDK. */
  async function variant(campaign: string, person: string): Promise<string> {
    const client = OpenFeature.getClient();
    const details = await client.getObjectDetails(campaign, {}, { targetingKey: person, consent });
    return details.variant ?? String(details.errorMessage);
  }

  /** What became of a campaign's shares, once its worker has decided so. */
  function decided(campaign: string, winner: string): Promise<string> {
    return waitFor(`${winner} for everybody in ${campaign}`, 120, async () => {
      const [row] = await query<{ percents: Record<string, number>; reason: string }>(
        stack.database,
        "select percents, reason from campaigns.campaign where name = $1",
        [campaign],
      );
      return row?.percents[winner] === 100 ? row.reason : undefined;
    });
  }

  beforeAll(async () => {
    await bringUpPlainStack();
    copy = await copyOfClone([`Pulumi.${PLAIN_STACK}.yaml`]);
    copy.write("campaigns/spring-sale.yaml", liveCampaign("spring-sale.yaml", []));
    copy.write(
      "campaigns/autumn-sale.yaml",
      liveCampaign("spring-sale.yaml", [["event: Order Refunded", "event: Complained"]]),
    );
    succeeded(await npmRunWithFilesOf(copy.path, "up", ["--stack", PLAIN_STACK]));
    stack = await describeStack(PLAIN_STACK);
    await OpenFeature.setProviderAndWait(
      new OFREPProvider({
        baseUrl: stack.urls.collector,
        headers: [["Authorization", `Bearer ${stack.writeKeys.website!}`]],
      }),
    );
    await waitFor("the campaigns at the edge", 60, async () => {
      const given = await Promise.all(
        ["spring-sale", "autumn-sale"].map((campaign) => variant(campaign, "nobody")),
      );
      return given.every((name) => ["discount", "shipping"].includes(name)) || undefined;
    });
  }, 20 * MINUTE);
  afterAll(async () => {
    await OpenFeature.close();
    copy.remove();
  });

  test("people are given variants and do what they do", async () => {
    const analytics = new Analytics({
      writeKey: stack.writeKeys.website!,
      host: stack.urls.collector,
      flushAt: 50,
    });
    const context = { consent: { categoryPreferences: consent } } as never;
    for (let index = 0; index < PEOPLE; index += 1) {
      const anonymousId = `${run}-${index}`;
      const [spring, autumn] = await Promise.all([
        variant("spring-sale", anonymousId),
        variant("autumn-sale", anonymousId),
      ]);
      // Free shipping sells more in spring, and annoys people in autumn.
      if (index % 10 < (spring === "shipping" ? 6 : 1)) {
        analytics.track({ anonymousId, event: "Order Completed", context });
      }
      if (index % 10 < (autumn === "shipping" ? 6 : 1)) {
        analytics.track({ anonymousId, event: "Complained", context });
      }
    }
    await analytics.closeAndFlush();
  });

  test("the better variant is given to everybody, by itself", async () => {
    expect(await decided("spring-sale", "shipping")).toBe("shipping is better than discount");
    await waitFor("the winner at the edge", 60, async () => {
      const given = await Promise.all(
        [1, 2, 3, 4, 5, 6, 7, 8].map((index) => variant("spring-sale", `later-${run}-${index}`)),
      );
      return given.every((name) => name === "shipping") || undefined;
    });
  });

  test("a variant that breaks a guard rail is taken back, by itself", async () => {
    expect(await decided("autumn-sale", "discount")).toBe(
      "shipping breaks the guard rail Complained",
    );
  });
});
