import { listeningProcesses, type ListeningProcess } from "../local/preflight/listeners.ts";
import { platformStatus } from "../local/platform.ts";

/** Where the platform's processes listen on TCP, one row per socket; empty while it is stopped. */
export async function platformListeners(): Promise<
  (ListeningProcess & { readonly process: string })[]
> {
  const { processes } = await platformStatus();
  const names = new Map(processes.map(({ pid, name }) => [pid, name]));
  return (await listeningProcesses()).flatMap((one) => {
    const process = names.get(one.pid);
    return process === undefined ? [] : [{ ...one, process }];
  });
}
