import type { Cms } from "../cms.ts";
import type { Channel } from "../journeys/channel.ts";
import { mailChannel } from "./channel.ts";
import type { MailSettings } from "./settings.ts";
import { openSmtp } from "./smtp.ts";
import { cmsTemplates } from "./templates.ts";

/** The way of letters out of the worker. */
export interface Mail {
  /** Serves every channel of kind `email`, whichever campaign declares it. */
  readonly channel: Channel;

  /** Closes its connections; letters that are being handed over are first. */
  close(): void;
}

/** Opens the way by settings; the first letter opens the first connection. */
export function openMail({ smtp: server, ...settings }: MailSettings, cms: Cms): Mail {
  const smtp = openSmtp(server);
  return {
    channel: mailChannel({ ...settings, smtp, find: cmsTemplates(cms) }),
    close: () => smtp.close(),
  };
}
