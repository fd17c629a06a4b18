import { parse } from "yaml";
import { plainConfig } from "../engine/plain-config.ts";

/** A program's configuration as the SDK takes it. */
export interface ProgramConfig {
  /** By `<project>:<key>`; what is no text is JSON. */
  readonly values: Record<string, string>;
  readonly secretKeys: string[];
}

/**
 * The configuration of a stack: the defaults of `Pulumi.yaml`, changed by `Pulumi.<stack>.yaml`, with stand-ins for the
 * secrets.
 *
 * @param kubeconfig path to put in place of a configured one, which only some machines have. @default - none is replaced
 */
export function programConfig(project: string, stack: string, kubeconfig?: string): ProgramConfig {
  const { name, config: declared } = parse(project) as {
    name: string;
    config: Record<string, { default?: unknown }>;
  };
  const { plain, secrets } = plainConfig(stack);
  const defaults = Object.entries(declared)
    .filter(([, { default: value }]) => value !== undefined)
    .map(([key, { default: value }]) => [`${name}:${key}`, value]);
  const all: Record<string, unknown> = {
    ...Object.fromEntries(defaults),
    ...plain,
    ...secrets,
  };
  const key = `${name}:kubeconfig`;
  if (all[key] && kubeconfig !== undefined) all[key] = kubeconfig;
  return {
    values: Object.fromEntries(
      Object.entries(all).map(([key, value]) => [
        key,
        typeof value === "string" ? value : JSON.stringify(value),
      ]),
    ),
    secretKeys: Object.keys(secrets),
  };
}
