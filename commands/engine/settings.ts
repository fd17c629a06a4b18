import { artifactRegistry } from "../../stacks/platforms/artifact-registry.ts";
import { platformNames, type PlatformName } from "../../stacks/platforms/names.ts";
import { promotionRules, type PromotionRules } from "../../stacks/promotion-rules.ts";
import { readStackFile } from "./stack-file.ts";

/** What a command has to know of a stack before there is an engine; the program checks the rest. */
export interface StackSettings {
  readonly platform: PlatformName;
  /** First of the stack's four ports on 127.0.0.1; undefined where platform is `gke`. */
  readonly portBase: number | undefined;
  /** Port of the collector's TLS; undefined where it speaks none. */
  readonly tlsPort?: number | undefined;
  /** Registry that the cluster pulls from; undefined for the one of this machine. */
  readonly registry: string | undefined;
  /** Google Cloud project; set where platform is `gke`. */
  readonly googleProject: string | undefined;
  /** Domain of its public hosts; set where platform is `gke`. */
  readonly domain: string | undefined;
  /** Whether data outlives the stack. */
  readonly protectsData: boolean;
  /** What has to be so before a release comes here. */
  readonly promotion: PromotionRules;
}

/**
 * Reads {@link StackSettings} from `Pulumi.<stack>.yaml`.
 *
 * @throws Error naming the file, and the key and its value if one is wrong.
 */
export async function stackSettings(stack: string): Promise<StackSettings> {
  const file = `Pulumi.${stack}.yaml`;
  const content = (await readStackFile(stack)).toJS() as {
    config?: Record<string, unknown>;
  } | null;
  const config = content?.config ?? {};
  const value = (key: string): unknown => config[`marketing-stack:${key}`];
  const platform = (value("platform") ?? "local") as PlatformName;
  if (!platformNames.includes(platform)) {
    throw wrong("platform", "be local, kubeconfig or gke", platform, file);
  }
  const { rules: promotion, problems } = promotionRules(value);
  if (problems.length > 0) throw new Error(problems.map((text) => `${file}: ${text}`).join("\n"));
  const protectsData = String(value("protectData")) === "true";
  if (platform === "gke") {
    const region = String(value("googleRegion") ?? "europe-west1");
    const googleProject = String(value("googleProject"));
    const registry = artifactRegistry(googleProject, region);
    const domain = String(value("domain") ?? "");
    return {
      platform,
      portBase: undefined,
      registry,
      googleProject,
      domain,
      protectsData,
      promotion,
    };
  }
  const portBase = Number(value("portBase"));
  if (!Number.isInteger(portBase) || portBase < 30000 || portBase > 32764) {
    throw wrong("portBase", "be a whole number from 30000 to 32764", value("portBase"), file);
  }
  const registry = platform === "kubeconfig" ? String(value("registry") ?? "") : undefined;
  const nothingOfGoogle = { googleProject: undefined, domain: undefined };
  const tls = value("collectorTls") as { port?: unknown } | undefined;
  return {
    platform,
    portBase,
    ...(tls?.port !== undefined && { tlsPort: Number(tls.port) }),
    registry,
    ...nothingOfGoogle,
    protectsData,
    promotion,
  };
}

function wrong(key: string, rule: string, value: unknown, file: string): Error {
  return new Error(
    `marketing-stack:${key} in ${file} must ${rule}, got ${JSON.stringify(value) ?? "nothing"}`,
  );
}
