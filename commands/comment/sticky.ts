/** A comment on a pull request. */
export interface Comment {
  readonly id: number;
  readonly body: string;
}

/** The comments of one pull request, as a code host keeps them. */
export interface Conversation {
  /** Every comment of the token's own account, the oldest first. */
  ownComments(): Promise<Comment[]>;
  create(body: string): Promise<void>;
  update(id: number, body: string): Promise<void>;
  remove(id: number): Promise<void>;
}

/** Hidden first line by which the comment called `name` is found again. */
export function marker(name: string): string {
  return `<!-- marketing-stack:${name.toLowerCase().replaceAll(" ", "-")} -->`;
}

/**
 * Leaves exactly one comment called `name`, with `text`: makes it, or changes the one that is there.
 *
 * Comments of others are never taken for ours, whatever they begin with.
 */
export async function postSticky(
  conversation: Conversation,
  name: string,
  text: string,
): Promise<"created" | "updated" | "unchanged"> {
  const body = `${marker(name)}\n${text}`;
  const [ours, ...doubles] = (await conversation.ownComments()).filter((comment) =>
    comment.body.startsWith(marker(name)),
  );
  // Two runs at once may have made one each.
  for (const { id } of doubles) await conversation.remove(id);
  if (!ours) {
    await conversation.create(body);
    return "created";
  }
  if (ours.body === body) return "unchanged";
  await conversation.update(ours.id, body);
  return "updated";
}
