import { command, commandLine } from "./command.ts";
import { readArtifact } from "./comment/artifact.ts";
import { placeOf } from "./comment/place.ts";
import { postSticky } from "./comment/sticky.ts";
import { commentText } from "./comment/text.ts";

const usage = "comment -- DIR --name NAME";

/** Puts what a command left in DIR into one comment on the pull request of this run, and renews that one from then on. */
await command(async () => {
  const { values, positionals } = commandLine({
    usage,
    options: { name: { type: "string", default: "" } },
    positionals: 1,
  });
  const [folder] = positionals;
  const { name } = values;
  if (folder === undefined) throw new Error(`DIR must be given; usage: npm run ${usage}`);
  if (!/^[A-Za-z][A-Za-z0-9 -]{0,39}$/.test(name)) {
    throw new Error(
      `--name must be 1-40 letters, digits, spaces or dashes, got ${JSON.stringify(name)}`,
    );
  }
  const { run, conversations } = await placeOf(process.env);
  const text = commentText(name, run, await readArtifact(folder));
  for (const conversation of conversations) {
    process.stdout.write(`${await postSticky(conversation, name, text)}\n`);
  }
  if (conversations.length === 0) {
    process.stdout.write(`no open pull request has ${run.commit} as its head\n`);
  }
  return 0;
});
