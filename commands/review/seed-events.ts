import type { StackOutputs } from "../engine/outputs.ts";

const MINUTE = 60_000;

const consented = {
  consent: { categoryPreferences: { analytics: true, personalization: true } },
  campaign: { name: "spring-sale", source: "newsletter", medium: "email" },
};
const undecided = { campaign: { name: "spring-sale", source: "search", medium: "cpc" } };

/** One visit that ends in a purchase, and one without consent; ids are fixed, so that a second seeding adds nothing. */
export function seedEvents(now: Date): object[] {
  const at = (minutesAgo: number): string =>
    new Date(now.getTime() - minutesAgo * MINUTE).toISOString();
  const ada = { anonymousId: "seed-visitor-1", context: consented };
  const unknown = { anonymousId: "seed-visitor-2", context: undecided };
  return [
    {
      ...{ ...ada, type: "page", name: "Spring sale", messageId: "seed-1", timestamp: at(30) },
      properties: { path: "/spring-sale" },
    },
    {
      ...{ ...ada, type: "identify", messageId: "seed-2", timestamp: at(25) },
      userId: "seed-user-1",
      traits: { plan: "trial" },
    },
    {
      ...{ ...ada, type: "track", event: "Product Added", messageId: "seed-3", timestamp: at(20) },
      userId: "seed-user-1",
      properties: { product: "tulips", price: 12.5 },
    },
    {
      ...{ ...ada, type: "track", event: "Order Completed", messageId: "seed-4", timestamp: at(5) },
      userId: "seed-user-1",
      properties: { revenue: 25, currency: "EUR" },
    },
    {
      ...{ ...unknown, type: "page", name: "Spring sale", messageId: "seed-5", timestamp: at(10) },
      properties: { path: "/spring-sale" },
    },
  ];
}

/**
 * Sends {@link seedEvents} through the collector's public API, as the stack's first source.
 *
 * @throws Error if the collector does not take them.
 */
export async function sendSeedEvents({ urls, writeKeys }: StackOutputs): Promise<void> {
  const writeKey = Object.values(writeKeys)[0]!;
  const answer = await fetch(new URL("/v1/batch", urls.collector!), {
    method: "POST",
    headers: {
      authorization: `Basic ${Buffer.from(`${writeKey}:`).toString("base64")}`,
      "content-type": "application/json",
    },
    body: JSON.stringify({ batch: seedEvents(new Date()) }),
    signal: AbortSignal.timeout(10_000),
  });
  if (!answer.ok) {
    throw new Error(
      `the collector must take the seed events, got ${answer.status}: ${(await answer.text()).slice(0, 200)}`,
    );
  }
}
