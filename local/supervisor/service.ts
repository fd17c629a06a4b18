/** One process that the supervisor keeps running. */
export interface Service {
  /** `[a-z-]+`; names its folders. */
  readonly name: string;

  /** Program (absolute path) and arguments. */
  readonly command: readonly [string, ...string[]];

  /** Environment beside PATH and HOME. @default - nothing more */
  readonly environment?: Readonly<Record<string, string>>;

  /** What must hold before the process starts. @default - starts at once */
  readonly needs?: readonly Need[];

  /** Files it reads, by absolute path; written 0600. A changed one restarts the process. @default {} */
  readonly files?: Readonly<Record<string, string>>;

  /** Folders of this clone whose code it runs; a changed file restarts the process. @default [] */
  readonly sources?: readonly string[];

  /** Folders it wants to find; made 0700. @default [] */
  readonly folders?: readonly string[];

  /** Whether it does its work now; must not throw, must not take longer than 2 s. @default - running is ready */
  readonly isReady?: () => Promise<boolean>;
}

/** A condition in bash, tried ten times a second until it is true. */
export type Need = string;

/** Somebody accepts connections on `address:port`. */
export function listening(address: string, port: number): Need {
  return `(exec 3<>/dev/tcp/${address}/${port}) 2>/dev/null`;
}

/** A containerd answers on `socket`, which a leftover socket file does not. */
export function containerdAnswers(socket: string): Need {
  return `ctr --address '${socket}' version >/dev/null 2>&1`;
}
