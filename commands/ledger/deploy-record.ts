import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { statePath } from "../../local/paths.ts";
import { writeWhole } from "../../local/write-whole.ts";
import { changeNow, type Change } from "./change.ts";
import { recordChange } from "./outbox.ts";

/** What is being deployed. */
export interface Deployed {
  readonly environment: string;
  /** Undefined where the environment builds what it runs. */
  readonly release: string | undefined;
  /** When the newest commit of the release was made: from then on the lead time counts. */
  readonly committedAt: Date | undefined;
}

/** What a deploy came to. */
export interface DeployResult<T> {
  readonly result: T;
  /** True where there was nothing to do: that is no deploy. */
  readonly unchanged: boolean;
}

/** Components of the services, as they are in a URN. */
const SERVICE = /marketing-stack:infra:(Cms|Collector|Worker)\b/;

/**
 * Runs a deploy and records it, with the services that it touched, whether it succeeds or fails.
 *
 * One that is killed is recorded as failed by the next one of the environment.
 *
 * @param work gets a function that it calls with the URN of each resource that changes.
 * @throws whatever `work` throws.
 */
export async function recordedDeploy<T>(
  deployed: Deployed,
  work: (onChange: (urn: string) => void) => Promise<DeployResult<T>>,
): Promise<T> {
  const { environment, release, committedAt } = deployed;
  const begun = begunPath(environment);
  await recordKilled(begun);
  const services = new Set<string>();
  const row = (outcome: "succeeded" | "failed", reason?: string): Change =>
    changeNow({
      kind: "deploy",
      environment,
      subject: release ?? environment,
      details: {
        outcome,
        services: [...services].sort(),
        release: release ?? null,
        leadTimeSeconds: committedAt
          ? Math.max(0, Math.round((Date.now() - committedAt.getTime()) / 1000))
          : null,
        ...(reason !== undefined && { reason: reason.slice(0, 500) }),
      },
    });
  await writeWhole(begun, JSON.stringify(row("failed", "the deploy was killed")));
  try {
    const { result, unchanged } = await work((urn) => {
      const service = SERVICE.exec(urn)?.[1];
      if (service) services.add(service.toLowerCase());
    });
    if (!unchanged) await recordChange(row("succeeded"));
    return result;
  } catch (error) {
    await recordChange(row("failed", (error as Error).message));
    throw error;
  } finally {
    await rm(begun, { force: true });
  }
}

async function recordKilled(begun: string): Promise<void> {
  const text = await readFile(begun, "utf8").catch(() => undefined);
  if (text === undefined) return;
  await recordChange(JSON.parse(text) as Change);
  await rm(begun, { force: true });
}

function begunPath(environment: string): string {
  return join(statePath, "stacks", environment, "deploy-begun.json");
}
