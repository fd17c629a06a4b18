import MailComposer from "nodemailer/lib/mail-composer";
import { unsubscribeToken } from "../../contract/mail-feedback.ts";
import { tooLate } from "../connectors/exchange.ts";
import type { Channel, Effect } from "../journeys/channel.ts";
import type { Letter, LetterTemplate } from "./letter.ts";
import type { Smtp } from "./smtp.ts";

/** What a {@link mailChannel} sends by. */
export interface MailChannelArgs {
  readonly smtp: Smtp;
  /**
   * Finds the template that an effect sends; undefined if it is not published in the effect's locale.
   *
   * @throws Error while the CMS does not answer.
   */
  readonly find: (effect: Effect) => Promise<LetterTemplate | BrokenTemplate | undefined>;
  /** Where the collector is reached by whoever gets a letter, without `/` at its end. */
  readonly collectorUrl: string;
  /** Write key of the source that signs links, `MAIL_SOURCE`. */
  readonly linkKey: string;
  /** Value of `{{ siteUrl }}`. */
  readonly siteUrl: string;
}

/** A template that is published and of no use. */
export interface BrokenTemplate {
  /** `<field> must <rule>, got <value>`. */
  readonly problem: string;
}

/** How long nothing is tried again where somebody has to change the content first, in seconds. */
const UNTIL_MENDED = 300;

/** Letters by SMTP. A server cannot be asked what became of one and knows no key, so an unknown outcome stays one. */
export function mailChannel(args: MailChannelArgs): Channel {
  const { smtp, find, collectorUrl, linkKey, siteUrl } = args;
  return {
    isKeyed: false,
    async send(effect) {
      const { id, channel, content, locale, person, signal } = effect;
      const to = addressOf(person.traits.email);
      if (!to) return { kind: "refused", reason: "the person has no e-mail address" };
      const from = addressOf(channel.from);
      if (!from) return { kind: "refused", reason: "the campaign's channel has no sender" };
      let template;
      try {
        template = await find(effect);
      } catch {
        return { kind: "later", reason: "the CMS does not answer" };
      }
      if (!template) {
        return { kind: "later", reason: `content ${content} is not published in ${locale}` };
      }
      if ("problem" in template) {
        const reason = `content ${content} in ${locale}: ${template.problem}`;
        return { kind: "later", reason, retryAfterSeconds: UNTIL_MENDED };
      }
      const unsubscribeUrl = `${collectorUrl}/mail/unsubscribe/${unsubscribeToken(linkKey, id)}`;
      const letter = template({ traits: person.traits, siteUrl, unsubscribeUrl });
      const message = await messageOf({ id, from, to, unsubscribeUrl, letter });
      if (signal.aborted) return tooLate;
      return smtp.send({ from, to, id, message }, signal);
    },
  };
}

/** An address as it stands in an envelope; undefined if it is none, or several. */
function addressOf(value: unknown): string | undefined {
  if (typeof value !== "string" || value.length > 254) return undefined;
  return /^[^\s@<>(),;:"\\[\]\p{Cc}]{1,64}@[^\s@<>(),;:"\\[\]\p{Cc}]+\.[^\s@<>(),;:"\\[\]\p{Cc}]+$/u.test(
    value,
  )
    ? value
    : undefined;
}

function messageOf(mail: {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly unsubscribeUrl: string;
  readonly letter: Letter;
}): Promise<Buffer> {
  const { id, from, to, unsubscribeUrl, letter } = mail;
  return new MailComposer({
    ...letter,
    // As objects: a text would be read as a list.
    from: { name: "", address: from },
    to: { name: "", address: to },
    messageId: `<${id}@${from.split("@")[1]}>`,
    headers: {
      "Idempotency-Key": id,
      "List-Unsubscribe": { prepared: true, value: `<${unsubscribeUrl}>` },
      "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    },
    disableFileAccess: true,
    disableUrlAccess: true,
  })
    .compile()
    .build();
}
