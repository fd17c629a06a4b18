import { seedEvents } from "../../../commands/review/seed-events.ts";
import { openApp } from "../../services/collector/open-app.ts";

const now = new Date();

test("the collector takes every seed event, and keeps one visit without consent bare", async () => {
  const { post, kept } = await openApp();
  const answer = await post("/v1/batch", { batch: seedEvents(now) });
  expect(answer.status).toBe(200);
  const { events, badRows } = await kept();
  expect(badRows).toEqual([]);
  expect(
    events.map(({ id, type, name, userId, campaign }) => ({ id, type, name, userId, campaign })),
  ).toEqual([
    { id: "seed-1", type: "page", name: "Spring sale", userId: null, campaign: "spring-sale" },
    { id: "seed-2", type: "identify", name: null, userId: "seed-user-1", campaign: "spring-sale" },
    {
      id: "seed-3",
      type: "track",
      name: "Product Added",
      userId: "seed-user-1",
      campaign: "spring-sale",
    },
    {
      id: "seed-4",
      type: "track",
      name: "Order Completed",
      userId: "seed-user-1",
      campaign: "spring-sale",
    },
    { id: "seed-5", type: "page", name: "Spring sale", userId: null, campaign: null },
  ]);
});

test("a second seeding has the same ids, so that it adds nothing", () => {
  const ids = (events: object[]): unknown[] =>
    events.map((event) => (event as { messageId: string }).messageId);
  expect(ids(seedEvents(new Date(0)))).toEqual(ids(seedEvents(now)));
});
