import { readFile } from "node:fs/promises";

/** The real Prometheus and Alertmanager beside the emulator; the content of the file that `--delivery` names. */
export interface DeliverySettings {
  /** URL of Prometheus, with a trailing slash. It takes `POST /-/reload`. */
  readonly prometheus: string;
  /** Folder whose `*.json` Prometheus reads as rule files. */
  readonly ruleFolder: string;
  /** URL of Alertmanager, with a trailing slash. */
  readonly alertmanager: string;
  /** Path of the file that Alertmanager reads as its configuration. */
  readonly alertmanagerConfig: string;
  /** `user:password` for Alertmanager: its status page shows the URLs of webhooks, and tokens are part of them. */
  readonly alertmanagerLogin: string;
  /** URL of what stands in for Slack and PagerDuty, with a trailing slash. */
  readonly receiver: string;
  /** Host and port of the SMTP server that takes mail. */
  readonly smarthost: string;
}

const fields = [
  "prometheus",
  "ruleFolder",
  "alertmanager",
  "alertmanagerConfig",
  "alertmanagerLogin",
  "receiver",
  "smarthost",
] as const satisfies readonly (keyof DeliverySettings)[];

/**
 * Reads the file that `--delivery` names.
 *
 * @throws Error naming the first field that is missing; no message repeats a value.
 */
export async function readDeliverySettings(path: string): Promise<DeliverySettings> {
  const content = await readFile(path, "utf8").catch((error: Error) => {
    throw new Error(`--delivery must be a file, got ${JSON.stringify(path)}: ${error.message}`, {
      cause: error,
    });
  });
  const settings = JSON.parse(content) as Record<string, unknown>;
  for (const field of fields) {
    if (typeof settings[field] === "string") continue;
    throw new Error(`${field} of ${path} must be a text, got ${typeof settings[field]}`);
  }
  return settings as unknown as DeliverySettings;
}
