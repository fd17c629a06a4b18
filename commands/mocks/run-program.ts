// Runs the program of the working directory under mocks and tells the parent process what it registered.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import * as pulumi from "@pulumi/pulumi";
import * as state from "@pulumi/pulumi/runtime/state.js";
import { readChart, type ChartFiles } from "./chart-files.ts";
import { programConfig } from "./config.ts";
import type { Registered } from "./registered.ts";
import { standInKubeconfig } from "./machine.ts";
import { standIns } from "./stand-ins.ts";

/** What the SDK asks the engine for: the part of it that is read here. */
interface Request {
  getType(): string;
  getName(): string;
  getParent(): string;
  getCustom(): boolean;
  getRemote(): boolean;
  getProtect(): boolean;
  getRetainondelete(): boolean;
  getAliasurnsList(): string[];
  getObject(): { toJavaScript(): Record<string, unknown> };
}
type Answer = (error: unknown, response: { getUrn(): string } | undefined) => void;
interface Monitor {
  newUrn(parent: string, type: string, name: string): string;
  registerResource(request: Request, answer: Answer): Promise<void>;
}

const [stack = "", machine] = process.argv.slice(2);
const config = programConfig(
  readFileSync("Pulumi.yaml", "utf8"),
  readFileSync(`Pulumi.${stack}.yaml`, "utf8"),
  machine === "stand-in" ? standInKubeconfig(process.env.XDG_STATE_HOME!) : undefined,
);
pulumi.runtime.setAllConfig(config.values, config.secretKeys);
process.env.PULUMI_CONFIG_SECRET_KEYS = JSON.stringify(config.secretKeys);
await pulumi.runtime.setMocks(
  {
    newResource: (args) => ({
      id: `${args.name}-id`,
      state: { ...args.inputs, ...standIns(args) },
    }),
    call: ({ inputs }) => inputs,
  },
  "marketing-stack",
  stack,
);
// The engine works out which resources an alias covers; without one, the SDK has to. It declares no type for the switch.
(
  state as unknown as { getStore(): { supportsAliasSpecs: boolean } }
).getStore().supportsAliasSpecs = false;

const registered: Registered[] = [];
const monitor = pulumi.runtime.getMonitor() as unknown as Monitor;
// The SDK's own knows of no grandparents.
monitor.newUrn = (parent, type, name) => {
  const parents = parent.split("::")[2];
  const types = parents ? `${parents}$${type}` : type;
  return withoutStack(`urn:pulumi:${stack}::marketing-stack::${types}::${name}`);
};
const register = monitor.registerResource.bind(monitor);
monitor.registerResource = (request, answer) =>
  register(request, (error, response) => {
    if (response) registered.push(readRequest(request, response.getUrn()));
    answer(error, response);
  });

const program = pathToFileURL(join(process.cwd(), "stacks", "index.ts")).href;
await pulumi.runtime.runInPulumiStack(() => import(program));
await pulumi.runtime.disconnect();
process.send!(registered);

function readRequest(request: Request, urn: string): Registered {
  const inputs = request.getObject().toJavaScript();
  const type = request.getType();
  return {
    urn,
    type,
    name: request.getName(),
    parent: request.getParent(),
    isResource: request.getCustom() || request.getRemote(),
    hasUnknownChildren: request.getRemote(),
    isProtected: request.getProtect(),
    isRetained: request.getRetainondelete(),
    aliases: request.getAliasurnsList().map(withoutStack),
    inputs: { ...inputs, ...chartOf(inputs) },
  };
}

/** The URN as the engine writes it: what the program makes at its top has no parent there. */
function withoutStack(urn: string): string {
  return urn.replace("::pulumi:pulumi:Stack$", "::");
}

/** The files of the chart in place of its path, where a resource is one that lies in the clone. */
function chartOf({ chart }: Record<string, unknown>): { chart?: ChartFiles } {
  const files = typeof chart === "string" ? readChart(chart) : undefined;
  return files ? { chart: files } : {};
}
