import type { Answer } from "../answer.ts";
import { htmlPage } from "../html-page.ts";

/** Asks whether somebody means it: what only looks at a link, as mail scanners do, must not unsubscribe. */
export function unsubscribePage(): Answer {
  return page(
    200,
    "Unsubscribe",
    '<p>Do you want no more letters from us?</p><form method="post"><button>Unsubscribe</button></form>',
  );
}

/** Says that it is done. */
export function unsubscribedPage(): Answer {
  return page(200, "You are unsubscribed", "<p>You will get no more letters from us.</p>");
}

/** Says that a link is not one of ours, or not whole. */
export function invalidLinkPage(): Answer {
  return page(
    404,
    "This link does not work",
    "<p>It is not whole, or too old. Please answer to the letter instead.</p>",
  );
}

function page(status: number, title: string, content: string): Answer {
  return htmlPage({
    status,
    title,
    style:
      "body{font:18px/1.5 system-ui,sans-serif;max-width:32em;margin:15vh auto;padding:0 1em}button{font:inherit;padding:.4em 1.2em}",
    content,
    headers: { "cache-control": "no-store", "referrer-policy": "no-referrer" },
  });
}
