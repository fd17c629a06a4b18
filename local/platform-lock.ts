import { statePath } from "./paths.ts";
import { withLock } from "./toolchain/lock.ts";

/** Runs `work` while no other command of this machine starts or stops the platform. */
export async function withPlatformLock<T>(work: () => Promise<T>): Promise<T> {
  const tell = (): void => {
    process.stderr.write("… waiting for another command that starts or stops the platform\n");
  };
  // Beside the state, which a purge removes.
  return withLock(`${statePath}.lock`, tell, work);
}
