import { waitFor } from "../local/wait.ts";
import { webhookChannel } from "../services/worker/connectors/webhook.ts";
import { anEffect } from "../tests/services/worker/connectors/an-effect.ts";
import { openJourneyStand } from "../tests/services/worker/journeys/journey-stand.ts";
import { report, round } from "./measure.ts";

// Messages of a journey that one worker sends a second to a webhook, once they may leave; beside it a loop that sends the same
// webhooks to the same receiver, as many at a time, and looks at nothing.
const PEOPLE = 2000;
const AT_A_TIME = 40;

const stand = await openJourneyStand();
try {
  const signingSecret = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;
  const bare = webhookChannel({ kind: "webhook", url: stand.partner.url, signingSecret });
  let next = 0;
  const bareBegun = performance.now();
  await Promise.all(
    Array.from({ length: AT_A_TIME }, async () => {
      while (next < PEOPLE) await bare.send(anEffect({ key: `bench/${next++}` }));
    }),
  );
  const barePerSecond = PEOPLE / ((performance.now() - bareBegun) / 1000);
  stand.partner.taken.length = 0;

  stand.api.cluster.stopOutbound(true);
  await stand.start();
  await stand.signUp(Array.from({ length: PEOPLE }, (_, i) => `user-${i}`));
  await waitFor("messages held back", 120, async () =>
    stand.api.cluster.status("greeting")?.heldBack === PEOPLE ? true : undefined,
  );
  stand.api.cluster.stopOutbound(false);
  await waitFor("the first message", 20, async () => stand.partner.taken.length > 0 || undefined);
  const begun = performance.now();
  const before = stand.partner.taken.length;
  await stand.untilTold(PEOPLE, 300);
  const perSecond = (PEOPLE - before) / ((performance.now() - begun) / 1000);
  report("sends", {
    messages: PEOPLE,
    perSecond: round(perSecond),
    barePerSecond: round(barePerSecond),
    ratio: round(perSecond / barePerSecond),
  });
} finally {
  await stand.stop();
}
