import type { AudienceRule, Flag, FlagValue, Variant } from "../../contract/flag.ts";
import { rangesOf } from "../../contract/flag-ranges.ts";
import type { Fields } from "../dialects/fields.ts";
import type { FlagSet } from "./flags.ts";
import { numericId } from "./numeric-id.ts";
import { isTaken, servedTo } from "./served-flags.ts";

/** Attribute that says what a person agreed to. */
export const CONSENT_ATTRIBUTE = "consent";

/** Attribute that names a person logged in. */
export const USER_ATTRIBUTE = "userId";

/**
 * Flags as a datafile, version 4, which Optimizely's SDKs decide by. What a flag says is its variable `value`.
 *
 * @param accountId comes back with each event.
 */
export function optimizelyDatafile(set: FlagSet, accountId: string): Fields {
  const flags = servedTo("optimizely", set);
  const taken = flags.filter(isTaken);
  // Its SDKs send no others.
  const attributes = new Set([
    ...taken.flatMap(({ audience }) => audience.map((rule) => rule.attribute)),
    CONSENT_ATTRIBUTE,
    USER_ATTRIBUTE,
  ]);
  return {
    version: "4",
    revision: set.revision,
    accountId,
    projectId: "1",
    environmentKey: "production",
    anonymizeIP: true,
    botFiltering: false,
    // Who is given something that is no experiment is not counted.
    sendFlagDecisions: false,
    attributes: [...attributes].map((key) => ({
      id: String(numericId("attribute", key)),
      key,
    })),
    audiences: [],
    typedAudiences: taken.filter(({ audience }) => audience.length > 0).map(audienceOf),
    events: [],
    groups: [],
    featureFlags: flags.map((flag) => featureOf(flag)),
    experiments: taken.filter(({ kind }) => kind === "experiment").map(ruleOf),
    rollouts: taken
      .filter(({ kind }) => kind === "flag")
      .map((flag) => ({ id: idOf(flag, "rollout"), experiments: [ruleOf(flag)] })),
  };
}

function featureOf(flag: Flag): Fields {
  const { key, kind, variants } = flag;
  const isExperiment = kind === "experiment";
  const { type, text } = variableOf(variants[0]!.value);
  return {
    id: idOf(flag, "feature"),
    key,
    experimentIds: isTaken(flag) && isExperiment ? [flag.salt] : [],
    rolloutId: isTaken(flag) && !isExperiment ? idOf(flag, "rollout") : "",
    variables: [{ id: idOf(flag, "variable"), key: "value", ...type, defaultValue: text }],
  };
}

/** An experiment, or a delivery to whom it concerns. */
function ruleOf(flag: Flag): Fields {
  const { key, salt, variants, audience } = flag;
  return {
    // What its hash has after the person's id.
    id: salt,
    key,
    status: "Running",
    layerId: idOf(flag, "layer"),
    audienceIds: audience.length > 0 ? [idOf(flag, "audience")] : [],
    forcedVariations: {},
    variations: variants.map((variant) => ({
      id: variationId(flag, variant),
      key: variant.key,
      // Where it is not, its SDKs say the default value.
      featureEnabled: variant.value !== variants[0]!.value || variant.value === true,
      variables: [{ id: idOf(flag, "variable"), value: variableOf(variant.value).text }],
    })),
    trafficAllocation: allocationOf(flag),
  };
}

function allocationOf(flag: Flag): Fields[] {
  const taken = rangesOf(flag).filter(({ from, to }) => from < to);
  return taken.flatMap(({ variant, from, to }, index) => {
    const end = taken[index - 1]?.to ?? 0;
    return [
      // What is not rolled out is nobody's, up to where the next begins.
      ...(from > end ? [{ entityId: "", endOfRange: from }] : []),
      { entityId: variationId(flag, flag.variants[variant]!), endOfRange: to },
    ];
  });
}

function audienceOf(flag: Flag): Fields {
  return {
    id: idOf(flag, "audience"),
    name: flag.key,
    conditions: ["and", ...flag.audience.flatMap(conditionsOf)],
  };
}

function conditionsOf({ attribute, in: values, atLeast, atMost }: AudienceRule): unknown[] {
  const condition = (match: string, value: unknown): Fields => ({
    type: "custom_attribute",
    name: attribute,
    match,
    value,
  });
  return [
    ...(values ? [["or", ...values.map((value) => condition("exact", value))]] : []),
    ...(atLeast === undefined ? [] : [condition("ge", atLeast)]),
    ...(atMost === undefined ? [] : [condition("le", atMost)]),
  ];
}

function variableOf(value: FlagValue): { readonly type: Fields; readonly text: string } {
  switch (typeof value) {
    case "string":
      return { type: { type: "string" }, text: value };
    case "object":
      return { type: { type: "string", subType: "json" }, text: JSON.stringify(value) };
    case "boolean":
      return { type: { type: "boolean" }, text: String(value) };
    default:
      return { type: { type: "double" }, text: String(value) };
  }
}

function variationId({ key }: Flag, variant: Variant): string {
  return String(numericId("variation", key, variant.key));
}

function idOf({ key }: Flag, what: string): string {
  return String(numericId(what, key));
}
