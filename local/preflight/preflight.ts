import { platformAddresses } from "../addresses.ts";
import { gatherFacts } from "./facts.ts";
import { problemsOf } from "./problems.ts";

/**
 * Checks that this machine can run the platform, before anything is started or written.
 *
 * @param cluster whether Kubernetes is to run here, or just what builds images and watches.
 * @throws Error that lists everything that is missing, each with what was found and what to do.
 */
export async function checkMachine({ cluster }: { cluster: boolean }): Promise<void> {
  const addresses = await platformAddresses();
  const problems = problemsOf(await gatherFacts(addresses), { addresses, cluster });
  if (problems.length === 0) return;
  const count = problems.length === 1 ? "one thing" : `${problems.length} things`;
  throw new Error(
    [
      `${count} must change on this machine before anything is started:`,
      ...problems.map((one) => `  * ${one}`),
    ].join("\n"),
  );
}
