import { marker, postSticky, type Comment } from "../../../commands/comment/sticky.ts";

/** A conversation in memory whose comments a test may look at. */
function conversation(comments: Comment[]) {
  const texts = new Map(comments.map(({ id, body }) => [id, body]));
  let last = Math.max(0, ...texts.keys());
  return {
    texts,
    ownComments: async () => [...texts].map(([id, body]) => ({ id, body })),
    create: async (body: string) => void texts.set((last += 1), body),
    update: async (id: number, body: string) => void texts.set(id, body),
    remove: async (id: number) => void texts.delete(id),
  };
}

test("the first run makes the comment, the next ones change it, and there is never a second", async () => {
  const ours = conversation([]);
  expect(await postSticky(ours, "Preview", "one")).toBe("created");
  expect(await postSticky(ours, "Preview", "two")).toBe("updated");
  expect(await postSticky(ours, "Preview", "two")).toBe("unchanged");
  expect([...ours.texts.values()]).toEqual(["<!-- marketing-stack:preview -->\ntwo"]);
});

test("comments of different names stand beside each other", async () => {
  const ours = conversation([]);
  await postSticky(ours, "Preview", "one");
  await postSticky(ours, "Review stack", "two");
  expect([...ours.texts.values()]).toEqual([
    "<!-- marketing-stack:preview -->\none",
    "<!-- marketing-stack:review-stack -->\ntwo",
  ]);
});

test("a comment that only quotes the marker is left alone", async () => {
  const quote = { id: 1, body: `> ${marker("Preview")}` };
  const ours = conversation([quote]);
  await postSticky(ours, "Preview", "one");
  expect(ours.texts.get(1)).toBe(quote.body);
  expect(ours.texts.size).toBe(2);
});

test("doubles that two runs at once have made are reduced to the oldest", async () => {
  const double = { body: `${marker("Preview")}\nold` };
  const ours = conversation([
    { id: 3, ...double },
    { id: 8, ...double },
  ]);
  expect(await postSticky(ours, "Preview", "new")).toBe("updated");
  expect([...ours.texts]).toEqual([[3, `${marker("Preview")}\nnew`]]);
});
