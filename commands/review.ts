import { mkdir, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { statePath } from "../local/paths.ts";
import { lineProgress } from "../local/progress.ts";
import { resolveToolchain } from "../local/toolchain/toolchain.ts";
import { command, commandLine } from "./command.ts";
import { deployStack } from "./engine/deploy.ts";
import { backendOf, engineEnvironment } from "./engine/environment.ts";
import { localFoundation, requireMachine } from "./engine/local-foundation.ts";
import { stackSettings } from "./engine/settings.ts";
import { summary } from "./engine/summary.ts";
import { ORIGINAL } from "./review/config.ts";
import { reviewDescription } from "./review/description.ts";
import { expiryAfter } from "./review/expiry.ts";
import { reviewStack } from "./review/names.ts";
import { openReviewStack, withReviewLock } from "./review/open.ts";
import { forgetRemoved, removeExpired, removeReviewStack } from "./review/remove.ts";
import { sendSeedEvents } from "./review/seed-events.ts";
import { reviewStacks, setExpiry, type ReviewStack } from "./review/stacks.ts";

const usage = "review -- up NAME [--hours N] [--out DIR] | down NAME | list | sweep";
const progress = lineProgress();

/** Copies of dev, one for each pull request that wants one, that go by themselves. */
await command(async () => {
  const { values, positionals } = commandLine({
    usage,
    options: { hours: { type: "string", default: "24" }, out: { type: "string" } },
    positionals: 2,
  });
  const [action, name] = positionals;
  const expiresAt = expiryAfter(values.hours, new Date());
  if (action === "up" && name !== undefined) return up(reviewStack(name), expiresAt, values.out);
  if (action === "down" && name !== undefined) return down(reviewStack(name));
  if (action === "list" && name === undefined) return list();
  if (action === "sweep" && name === undefined) return sweep(expiresAt);
  throw new Error(
    `the action must be up NAME, down NAME, list or sweep, got ${JSON.stringify(positionals.join(" "))}; usage: npm run ${usage}`,
  );
});

async function up(stack: string, expiresAt: Date, out: string | undefined): Promise<number> {
  await openReviewStack(stack, expiresAt, await openEngine());
  const { update, services } = await deployStack({ stack, takeOver: false, progress });
  // Only a stack that runs releases can be without services (stacks/names.ts).
  const { outputs } = services!;
  await progress.step("seed events are sent", () => sendSeedEvents(outputs));
  process.stdout.write(summary({ stack, ...services!, unchanged: update.unchanged }));
  process.stdout.write(`\nIt expires at ${expiresAt.toISOString()}.\n`);
  if (out !== undefined) {
    await mkdir(out, { recursive: true });
    const text = reviewDescription({ stack, outputs, expiresAt, host: hostname() });
    await writeFile(join(out, "review.md"), text);
  }
  return 0;
}

async function down(stack: string): Promise<number> {
  const environment = await openEngine();
  const known = (await allReviews(environment)).some((each) => each.stack === stack);
  if (known) {
    await openPlatform(stack);
    await removeReviewStack(stack, environment, progress);
  }
  await forgetRemoved(environment);
  process.stdout.write(known ? `${stack} is gone.\n` : `There is no ${stack}.\n`);
  return 0;
}

async function list(): Promise<number> {
  const reviews = await allReviews(await openEngine());
  if (reviews.length === 0) process.stdout.write("There is no review stack.\n");
  for (const { stack, expiresAt, portBase } of reviews) {
    const ports = portBase === undefined ? "no ports yet" : `ports from ${portBase}`;
    process.stdout.write(`${stack}\t${ports}\t${until(expiresAt)}\n`);
  }
  return 0;
}

/** Removes every expired review stack; one that cannot be removed does not keep the others. */
async function sweep(grace: Date): Promise<number> {
  const environment = await openEngine();
  const failures: string[] = [];
  for (const review of await allReviews(environment)) {
    if (review.expiresAt === undefined) {
      // Whoever makes it may have been killed or be at work: it gets the time of a new one.
      await setExpiry(review.stack, grace, environment);
      process.stdout.write(`kept ${review.stack}, half made, until ${grace.toISOString()}\n`);
    } else if (review.expiresAt.getTime() > Date.now()) {
      process.stdout.write(`kept ${review.stack} ${until(review.expiresAt)}\n`);
    } else {
      try {
        await openPlatform(review.stack);
        const renewed = await removeExpired(review.stack, environment, progress);
        process.stdout.write(
          renewed
            ? `kept ${review.stack} ${until(renewed)}\n`
            : `removed ${review.stack}, ${until(review.expiresAt)}\n`,
        );
      } catch (error) {
        failures.push(`${review.stack}: ${(error as Error).message}`);
      }
    }
  }
  for (const stack of await forgetRemoved(environment)) {
    process.stdout.write(`removed the files of ${stack}, which is gone\n`);
  }
  if (failures.length > 0) {
    throw new Error(`expired stacks must be removed, got\n${failures.join("\n")}`);
  }
  return 0;
}

function until(expiresAt: Date | undefined): string {
  if (expiresAt === undefined) return "half made, without an expiry";
  const word = expiresAt.getTime() > Date.now() ? "until" : "expired";
  return `${word} ${expiresAt.toISOString()}`;
}

function allReviews(environment: Record<string, string>): Promise<ReviewStack[]> {
  return withReviewLock(() => reviewStacks(environment));
}

async function openEngine(): Promise<Record<string, string>> {
  const { platform } = await stackSettings(ORIGINAL);
  const toolchain = await resolveToolchain(progress, ["pulumi"]);
  // Maybe nothing was ever deployed on this machine.
  await mkdir(join(statePath, "pulumi"), { recursive: true, mode: 0o700 });
  return engineEnvironment(toolchain, backendOf(platform));
}

/** A stack can be destroyed only where what it stands on runs. */
async function openPlatform(stack: string): Promise<void> {
  const settings = { ...(await stackSettings(ORIGINAL)), portBase: undefined };
  await requireMachine(stack, { settings, takeOver: false, progress });
  await localFoundation({ settings, takeOver: false, progress });
}
