import { artifactPath, storedArtifact, type Origin } from "./store.ts";
import { buildTool } from "./build.ts";
import { requireGo } from "./go.ts";
import { placeTools, pulumiHome } from "./layout.ts";
import { machineTool, thisMachine } from "./machine.ts";
import { fetchTool, mirroredFile, openMirror } from "./mirror.ts";
import { allToolNames, toolNamed, toolNames, type Tool, type ToolName } from "./pins.ts";
import { pluginKind, type PluginKind } from "./plugin-kind.ts";
import { artifactKey } from "./recipe.ts";
import type { Progress } from "../progress.ts";

/** Where a tool came from: what the machine had, a mirror, or our own build. */
export type Tier = "machine" | Origin;

/** One binary that is ready to run. */
export interface ResolvedTool {
  readonly version: string;
  readonly tier: Tier;
  /** Absolute path of the binary itself. */
  readonly path: string;
  /** Whose build a resource plugin is; undefined for other tools. */
  readonly kind?: PluginKind;
}

/** The tools at their pinned versions. */
export interface Toolchain {
  /** Folder with pulumi, its language host, kubernetes, kubectl, coredns and local-path-provisioner; goes first on PATH. */
  readonly bin: string;
  /** PULUMI_HOME: its plugin cache holds the resource plugins. */
  readonly pulumiHome: string;
  /** What was asked for, by name. */
  readonly tools: Readonly<Partial<Record<ToolName, ResolvedTool>>>;
}

/**
 * Finds each tool on the machine at exactly its pinned version, else in our store, else in the mirror that
 * `TOOLCHAIN_MIRROR` names, else builds it from the Go module proxy.
 *
 * @param names tools that are needed. Default: those that deploy and run a stack.
 * @throws Error before anything is fetched or built if the mirror cannot be read, or if Go is needed and missing.
 */
export async function resolveToolchain(
  progress: Progress,
  names: readonly ToolName[] = toolNames,
): Promise<Toolchain> {
  const resolved = new Map<ToolName, ResolvedTool>();
  const missing: Tool[] = [];
  const machine = thisMachine();
  for (const name of allToolNames.filter((name) => names.includes(name))) {
    const tool = toolNamed(name);
    const own = machineTool(tool, machine);
    if (own) {
      resolved.set(name, await resolvedTool(tool, "machine", own));
      continue;
    }
    const receipt = await storedArtifact(artifactKey(tool));
    if (receipt) resolved.set(name, await storedTool(tool, receipt.origin));
    else missing.push(tool);
  }
  for (const [tool, origin] of await obtain(missing, progress)) {
    resolved.set(tool.name, await storedTool(tool, origin));
  }

  const placed = [...resolved].map(([name, { path }]) => ({ tool: toolNamed(name), path }));
  return { bin: placeTools(placed), pulumiHome, tools: Object.fromEntries(resolved) };
}

async function obtain(missing: readonly Tool[], progress: Progress): Promise<[Tool, Origin][]> {
  if (missing.length === 0) return [];
  const location = process.env.TOOLCHAIN_MIRROR;
  const mirror = location ? await openMirror(location) : undefined;
  const isMirrored = (tool: Tool): boolean => mirror !== undefined && !!mirroredFile(mirror, tool);
  const go = missing.every(isMirrored) ? undefined : requireGo();

  const obtained: [Tool, Origin][] = [];
  for (const [index, tool] of missing.entries()) {
    const title = `${tool.name} ${tool.version} (${index + 1} of ${missing.length})`;
    const receipt = isMirrored(tool)
      ? await fetchTool(tool, mirror!, `fetching ${title}`, progress)
      : await buildTool(tool, go!, `building ${title}`, progress);
    obtained.push([tool, receipt.origin]);
  }
  return obtained;
}

function storedTool(tool: Tool, origin: Origin): Promise<ResolvedTool> {
  return resolvedTool(tool, origin, artifactPath(artifactKey(tool)));
}

async function resolvedTool(tool: Tool, tier: Tier, path: string): Promise<ResolvedTool> {
  const base = { version: tool.version, tier, path };
  if (!tool.plugin) return base;
  return { ...base, kind: tier === "machine" ? await pluginKind(path) : "bridged" };
}
