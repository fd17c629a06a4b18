import { isAbsolute } from "node:path";
import { parseArgs } from "node:util";

/** Where the emulator listens and keeps its state. */
export interface Flags {
  /** IP address or host name to listen on. */
  readonly address: string;
  readonly port: number;
  /** Absolute path of the folder that holds the state. */
  readonly state: string;
  /** Absolute path of the file that says where Prometheus and Alertmanager are. @default - policies are stored only */
  readonly delivery?: string;
}

/**
 * Reads the flags of the command line: `--address`, `--port` and `--state`, all required, and `--delivery`.
 *
 * @throws Error naming the first flag that is missing or wrong.
 */
export function readFlags(args: readonly string[]): Flags {
  const text = { type: "string" } as const;
  const { values } = parseArgs({
    args: [...args],
    options: { address: text, port: text, state: text, delivery: text },
  });
  const { address, port, state, delivery } = values;
  if (!address)
    throw new Error('--address must be an address to listen on, got none; give e.g. "127.0.0.1"');
  if (!port || !/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
    throw new Error(
      `--port must be from 0 to 65535, got ${port === undefined ? "none" : JSON.stringify(port)}`,
    );
  }
  if (!state || !isAbsolute(state)) {
    throw new Error(
      `--state must be the absolute path of a folder, got ${JSON.stringify(state ?? null)}`,
    );
  }
  if (delivery !== undefined && !isAbsolute(delivery)) {
    throw new Error(
      `--delivery must be the absolute path of a file, got ${JSON.stringify(delivery)}`,
    );
  }
  return { address, port: Number(port), state, ...(delivery ? { delivery } : {}) };
}
