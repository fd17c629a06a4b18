import type { StackOutputs } from "../engine/outputs.ts";

/**
 * Where a review stack is, as Markdown for its pull request. Names no secret.
 *
 * @param host name of the machine whose loopback the stack is on.
 */
export function reviewDescription(review: {
  readonly stack: string;
  readonly outputs: StackOutputs;
  readonly expiresAt: Date;
  readonly host: string;
}): string {
  const { stack, outputs, host } = review;
  const { cms, collector, worker } = outputs.urls;
  const forwards = [cms, collector, worker]
    .map((url) => new URL(url!).port)
    .map((port) => `-L ${port}:127.0.0.1:${port}`);
  return `### Review stack \`${stack}\`

| part      | where |
| --------- | ----- |
| CMS       | \`${cms}/admin\` |
| collector | \`${collector}\` |
| worker    | \`${worker}\` |

These addresses are on the loopback of \`${host}\`; this brings them to your machine:

\`\`\`sh
ssh -N ${forwards.join(" ")} ${host}
\`\`\`

Content and a handful of events are in it. It is removed when this pull request is closed, at the latest after
\`${review.expiresAt.toISOString()}\`.
`;
}
