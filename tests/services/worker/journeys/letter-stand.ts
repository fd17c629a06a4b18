import { letterCampaign } from "../campaigns/a-campaign.ts";
import { sent } from "../event-log.ts";
import { startMailServer, type MailServer } from "../mail/mail-server.ts";
import { openCampaignStand, signedUp, type CampaignStand } from "./journey-stand.ts";

/** Bundled workers whose campaign writes a letter to everybody who signs up, to `<user id>@example.com`. */
export interface LetterStand extends CampaignStand {
  readonly mail: MailServer;
  /** How many letters the mail server took for each address. */
  letters(): Map<string, number>;
}

/** Puts up a stand; no worker runs yet. */
export async function openLetterStand(): Promise<LetterStand> {
  const mail = await startMailServer();
  const stand = await openCampaignStand(
    letterCampaign({ locales: ["en"] }),
    {
      MAIL: JSON.stringify({
        smtpUrl: `smtp+plain://127.0.0.1:${mail.port}`,
        linkKey: "K".repeat(32),
        collectorUrl: "https://events.example",
        siteUrl: "https://shop.example",
      }),
    },
    (userId) => [
      sent({
        type: "identify",
        userId,
        properties: { email: `${userId}@example.com` },
        consent: ["analytics", "email"],
      }),
      ...signedUp(userId),
    ],
  );
  stand.outside.letters.push({
    documentId: "letter-welcome",
    locale: "en",
    slug: "welcome",
    name: "welcome",
    subject: "Welcome",
    body: '<mjml><mj-body><mj-section><mj-column><mj-text><a href="{{ unsubscribeUrl }}">Unsubscribe</a></mj-text></mj-column></mj-section></mj-body></mjml>',
    publishedAt: "2026-11-01T10:00:00.000Z",
  });
  return {
    ...stand,
    mail,
    letters: () => {
      const counts = new Map<string, number>();
      for (const one of mail.taken.flatMap(({ to }) => to)) {
        counts.set(one, (counts.get(one) ?? 0) + 1);
      }
      return counts;
    },
    stop: async () => {
      await stand.stop();
      await mail.stop();
    },
  };
}
