/** Ports of a stack on 127.0.0.1, by what listens there. */
export interface StackPorts {
  readonly cms: number;
  readonly collector: number;
  readonly worker: number;
  readonly database: number;
}

/** The four ports that a stack has from its `portBase` on. */
export function stackPorts(portBase: number): StackPorts {
  return {
    cms: portBase,
    collector: portBase + 1,
    worker: portBase + 2,
    database: portBase + 3,
  };
}
