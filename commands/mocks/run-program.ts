// Runs the program of the working directory under mocks and tells the parent process what it registered.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import * as pulumi from "@pulumi/pulumi";
import { aliasUrns, type Alias, type Aliased } from "./aliases.ts";
import { readChart, type ChartFiles } from "./chart-files.ts";
import { programConfig } from "./config.ts";
import type { Registered } from "./registered.ts";
import { standInKubeconfig } from "./machine.ts";
import { standIns } from "./stand-ins.ts";
import { childUrn } from "./urn.ts";

/** What the SDK asks the engine for: the part of it that is read here. */
interface Request {
  getType(): string;
  getName(): string;
  getParent(): string;
  getCustom(): boolean;
  getRemote(): boolean;
  getProtect(): boolean;
  getRetainondelete(): boolean;
  getAliasesList(): {
    getUrn(): string;
    getSpec():
      | {
          getName(): string;
          getType(): string;
          getParenturn(): string;
          getNoparent(): boolean;
        }
      | undefined;
  }[];
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
  true,
);

const registered: Omit<Registered, "aliases">[] = [];
const aliased: Aliased[] = [];
const monitor = pulumi.runtime.getMonitor() as unknown as Monitor;
// The SDK's own knows of no grandparents.
monitor.newUrn = (parent, type, name) =>
  childUrn(parent || `urn:pulumi:${stack}::marketing-stack`, type, name);
const register = monitor.registerResource.bind(monitor);
monitor.registerResource = (request, answer) =>
  register(request, (error, response) => {
    if (response) {
      const urn = response.getUrn();
      registered.push(readRequest(request, urn));
      aliased.push({ urn, parent: request.getParent(), declared: readAliases(request) });
    }
    answer(error, response);
  });

const program = pathToFileURL(join(process.cwd(), "stacks", "index.ts")).href;
await import(program);
await pulumi.runtime.disconnect();
const aliases = aliasUrns(aliased);
process.send!(
  registered.map((each): Registered => ({ ...each, aliases: aliases.get(each.urn) ?? [] })),
);

function readRequest(request: Request, urn: string): Omit<Registered, "aliases"> {
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
    inputs: { ...inputs, ...chartOf(inputs) },
  };
}

function readAliases(request: Request): Alias[] {
  return request.getAliasesList().map((alias) => {
    const spec = alias.getSpec();
    if (!spec) return { urn: alias.getUrn() };
    const parent = spec.getNoparent() ? "" : spec.getParenturn() || undefined;
    return { name: spec.getName(), type: spec.getType(), parent };
  });
}

/** The files of the chart in place of its path, where a resource is one that lies in the clone. */
function chartOf({ chart }: Record<string, unknown>): { chart?: ChartFiles } {
  const files = typeof chart === "string" ? readChart(chart) : undefined;
  return files ? { chart: files } : {};
}
