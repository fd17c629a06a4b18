import { githubApi, githubConversation } from "../../../commands/comment/github.ts";
import { gitlabApi, gitlabConversation } from "../../../commands/comment/gitlab.ts";
import { marker, postSticky, type Conversation } from "../../../commands/comment/sticky.ts";
import { github, gitlab, startCodeHost, OURS, type CodeHost } from "./code-host.ts";

const hosts = [
  {
    name: "GitHub",
    dialect: github,
    written: ["POST /repos/o/r/issues/7/comments", "PATCH /repos/o/r/issues/comments/251"],
    conversation: (url: string, token: string) =>
      githubConversation(githubApi(url, token), "o/r", 7),
  },
  {
    name: "GitLab",
    dialect: gitlab,
    written: [
      "POST /projects/42/merge_requests/7/notes",
      "PUT /projects/42/merge_requests/7/notes/251",
    ],
    conversation: (url: string, token: string) =>
      gitlabConversation(gitlabApi(url, token), "42", 7),
  },
];

describe.each(hosts)("on $name", ({ dialect, written, conversation }) => {
  let host: CodeHost;
  let ours: Conversation;

  beforeEach(async () => {
    host = await startCodeHost(dialect);
    ours = conversation(host.url, "token-of-the-test");
  });

  afterEach(() => host.stop());

  test("there is one comment after any number of runs, also behind 250 others", async () => {
    for (let id = 1; id <= 250; id += 1) host.comments.push({ id, body: "hm", author: "somebody" });
    await postSticky(ours, "Preview", "one");
    for (let id = 252; id <= 400; id += 1)
      host.comments.push({ id, body: "ok", author: "somebody" });
    await postSticky(ours, "Preview", "two");
    await postSticky(ours, "Preview", "two");
    expect(host.comments.filter(({ author }) => author === OURS)).toEqual([
      { id: 251, body: `${marker("Preview")}\ntwo`, author: OURS },
    ]);
    expect(host.writes).toEqual(written);
  });

  test("somebody else's comment with the marker stays theirs", async () => {
    const theirs = { id: 1, body: `${marker("Preview")}\nforged`, author: "somebody-else" };
    host.comments.push({ ...theirs });
    await postSticky(ours, "Preview", "one");
    await postSticky(ours, "Preview", "two");
    expect(host.comments).toEqual([
      theirs,
      { id: 2, body: `${marker("Preview")}\ntwo`, author: OURS },
    ]);
  });

  test("doubles are removed", async () => {
    for (const id of [1, 2]) host.comments.push({ id, body: marker("Preview"), author: OURS });
    await postSticky(ours, "Preview", "one");
    expect(host.comments).toEqual([{ id: 1, body: `${marker("Preview")}\none`, author: OURS }]);
  });

  test("fails with what the host said and the remedy, without the token, where it is refused", async () => {
    const refused = conversation(host.url, "another-token");
    const error = await postSticky(refused, "Preview", "one").catch(String);
    expect(error).toMatch(/must be accepted, got 401 {"message":"Bad credentials"}; /);
    expect(error).not.toContain("another-token");
  });
});
