import { Analytics } from "@segment/analytics-node";
import { readPlatform } from "../../local/platform.ts";
import { waitFor } from "../../local/wait.ts";
import { copyOfClone } from "./changed-clone.ts";
import { npmRunWithFilesOf } from "./in-place.ts";
import { liveCampaign } from "./live-campaign.ts";
import { bringUpPlainStack, PLAIN_STACK } from "./plain-stack.ts";
import { describeStack, query, succeeded, type TestStack } from "./stack.ts";

const MINUTE = 60_000;

interface Mail {
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** The campaign that welcomes, at any hour, begun by `event`. */
function welcome(event: string): string {
  return liveCampaign("welcome.yaml", [
    ["startsWith: Signed Up", `startsWith: ${event}`],
    ['quietHours: { from: "21:00", to: "08:00" }\n', ""],
  ]);
}

/** Letters to an address that are in the inbox of this machine. */
async function letters(to: string): Promise<Mail[]> {
  const { receiver } = await readPlatform();
  const { mails } = (await (await fetch(new URL("mails.json", receiver))).json()) as {
    mails: Mail[];
  };
  return mails.filter((mail) => mail.to.includes(to));
}

// Each test stands on the ones before it.
describe("a campaign that sends letters", () => {
  const person = `reader-${Date.now()}`;
  const address = `${person}@example.com`;
  let copy: Awaited<ReturnType<typeof copyOfClone>>;
  let stack: TestStack;
  let letter: Mail;

  /** Tells the collector what the person did, as a site does by the official SDK. */
  async function did(event: string): Promise<void> {
    const analytics = new Analytics({
      writeKey: stack.writeKeys.website!,
      host: stack.urls.collector,
    });
    const consent = { categoryPreferences: { analytics: true, email: true } };
    const told = { userId: person, context: { consent } as never };
    analytics.identify({ ...told, traits: { email: address, firstName: "Ana <b>" } });
    analytics.track({ ...told, event });
    await analytics.closeAndFlush();
  }

  beforeAll(async () => {
    await bringUpPlainStack();
    copy = await copyOfClone([`Pulumi.${PLAIN_STACK}.yaml`]);
    copy.write("campaigns/welcome.yaml", welcome("Set Out"));
    copy.write("campaigns/welcome-back.yaml", welcome("Came Back"));
    succeeded(await npmRunWithFilesOf(copy.path, "up", ["--stack", PLAIN_STACK]));
    stack = await describeStack(PLAIN_STACK);
  }, 20 * MINUTE);
  afterAll(() => copy.remove());

  test("who signs up finds one in the mailbox, filled in, with a click to unsubscribe", async () => {
    await did("Set Out");
    letter = await waitFor("the letter", 60, async () => (await letters(address))[0]);
    expect(letter.subject).toBe("Welcome to Olivar Luz, Ana <b>");
    expect(letter.text).toContain("Good to have you here, Ana <b>");
    expect(letter.headers["list-unsubscribe-post"]).toBe("List-Unsubscribe=One-Click");
  });

  test("who clicks gets no other one, and the database says why", async () => {
    const [, url] = /^<(.+)>$/.exec(letter.headers["list-unsubscribe"]!)!;
    const answer = await fetch(url!, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: "List-Unsubscribe=One-Click",
    });
    expect(answer.status).toBe(200);
    await waitFor("the suppression", 60, async () =>
      (
        await query(
          stack.database,
          "select 1 from campaigns.suppression where list = 'unsubscribed'",
        )
      ).at(0),
    );
    await did("Came Back");
    const withheld = await waitFor("the message that is withheld", 60, async () =>
      (
        await query<{ state: string; reason: string }>(
          stack.database,
          "select state, reason from campaigns.message where campaign = 'welcome-back' and state <> 'queued'",
        )
      ).at(0),
    );
    expect(withheld).toEqual({ state: "withheld", reason: "suppression list" });
    expect((await letters(address)).map(({ subject }) => subject)).toEqual([letter.subject]);
  });
});
