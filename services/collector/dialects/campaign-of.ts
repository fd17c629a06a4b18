import { textOf } from "./fields.ts";

/** The campaign that the address of a page names; null if it names none. */
export function campaignOf(url: unknown): string | null {
  return typeof url === "string" && URL.canParse(url)
    ? textOf(new URL(url).searchParams.get("utm_campaign"))
    : null;
}
