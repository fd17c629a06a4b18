import { randomUUID } from "node:crypto";

import { json } from "../answer.ts";
import type { Answer } from "../answer.ts";
import type { Call } from "./dialect.ts";

/**
 * Settings of posthog-js: events and nothing else, so that it loads no scripts and sends no recordings. Whatever they
 * say of surveys makes it load the script of these.
 */
const CONFIG = {
  supportedCompression: ["gzip", "gzip-js"],
  analytics: { endpoint: "/i/v0/e/" },
  hasFeatureFlags: false,
  defaultIdentifiedOnly: true,
  elementsChainAsString: true,
  autocapture_opt_out: false,
  autocaptureExceptions: false,
  captureDeadClicks: false,
  capturePerformance: false,
  heatmaps: false,
  sessionRecording: false,
  siteApps: [],
};

/** All flags of a person: none is declared. */
export function flagsPage({ query }: Call): Answer {
  const isConfigAsked = new URLSearchParams(query).get("config") === "true";
  return json(200, {
    flags: {},
    featureFlags: {},
    featureFlagPayloads: {},
    errorsWhileComputingFlags: false,
    requestId: randomUUID(),
    ...(isConfigAsked ? CONFIG : {}),
  });
}

/** What SDKs for servers decide flags by, if they have a personal key, which is not looked at: none is declared. */
export function definitionsPage(): Answer {
  return json(200, { flags: [], group_type_mapping: {}, cohorts: {} });
}

/** Settings as JSON. */
export function configPage(_: Call, writeKey: string): Answer {
  return json(200, { token: writeKey, ...CONFIG });
}

/** Settings as the script that posthog-js asks for first. */
export function configScript(_: Call, writeKey: string): Answer {
  const key = JSON.stringify(writeKey);
  const value = JSON.stringify({ config: { token: writeKey, ...CONFIG }, siteApps: [] });
  return {
    status: 200,
    headers: { "content-type": "text/javascript" },
    body: `(window._POSTHOG_REMOTE_CONFIG=window._POSTHOG_REMOTE_CONFIG||{})[${key}]=${value};`,
  };
}
