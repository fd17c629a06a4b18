import { init } from "vwo-fme-node-sdk";

/**
 * Starts VWO's SDK. It cannot be ended and asks for its settings for ever, so from now on timers do not keep the process
 * alive.
 */
export async function startVwo(options: Parameters<typeof init>[0]): ReturnType<typeof init> {
  globalThis.setTimeout = passing as typeof setTimeout;
  return init(options);
}

const ordinary = globalThis.setTimeout;

function passing(run: () => void, milliseconds?: number) {
  return ordinary(run, milliseconds).unref();
}
