import { Ajv } from "ajv";

import { flagSchema } from "./flag-schema.ts";
import { WHOLE } from "./flag.ts";
import type { AudienceRule, Flag } from "./flag.ts";
import { schemaBreach } from "./schema-breach.ts";
import { unstorablePart } from "./storable.ts";

const matchesSchema = new Ajv({ allowUnionTypes: true }).compile<Flag>(flagSchema);

/** Why `flag` breaks the contract, as `<field> must <rule>, got <value>`; undefined if it is a `Flag`. */
export function flagBreach(flag: unknown): string | undefined {
  if (!matchesSchema(flag)) return schemaBreach(matchesSchema.errors![0]!, flag, "flag");
  return (
    unstorablePart(flag, "flag") ??
    namesBreach(flag) ??
    variantsBreach(flag) ??
    audienceBreach(flag) ??
    consentBreach(flag) ??
    vwoBreach(flag)
  );
}

/** SDKs look names up in plain objects, which have these. */
function namesBreach({ key, salt, variants }: Flag): string | undefined {
  const taken = [key, salt, ...variants.map((variant) => variant.key)].find((name) => name in {});
  return taken && `names must not be those that every object has, got ${JSON.stringify(taken)}`;
}

function variantsBreach({ variants }: Flag): string | undefined {
  const weights = variants.reduce((sum, { weight }) => sum + weight, 0);
  if (weights !== WHOLE) return `weights of variants must sum up to ${WHOLE}, got ${weights}`;
  const drawn = variants.flatMap(({ rolloutWeight }) => rolloutWeight ?? []);
  const sum = drawn.reduce((a, b) => a + b, 0);
  if (drawn.length > 0 && (drawn.length < variants.length || sum !== WHOLE)) {
    return `rolloutWeights must be of all variants and sum up to ${WHOLE}, or of none, got ${drawn.join(", ")}`;
  }
  const keys = variants.map(({ key }) => key);
  if (new Set(keys).size < keys.length) {
    return `variants must have keys of their own, got ${keys.join(", ")}`;
  }
  const types = new Set(variants.map(({ value }) => typeof value));
  return types.size === 1
    ? undefined
    : `values of variants must be of one type, got ${[...types].join(", ")}`;
}

function audienceBreach({ audience, bucketing }: Flag): string | undefined {
  const open = audience.find(
    ({ not, ...rule }) => not !== undefined && Object.keys(rule).length < 2,
  );
  if (open) {
    return `audience must say in, atLeast or atMost with not, got ${JSON.stringify(open)}`;
  }
  const unknown = audience.find(({ not }) => not && bucketing === "optimizely");
  if (unknown) {
    return `audience must be without not for bucketing optimizely, got ${JSON.stringify(unknown)}`;
  }
  const empty = audience.find(
    ({ atLeast, atMost }) => atLeast !== undefined && atMost !== undefined && atLeast > atMost,
  );
  return (
    empty &&
    `atMost of audience must not be below atLeast, got ${empty.atMost} and ${empty.atLeast}`
  );
}

function consentBreach({ bucketing, consent = [] }: Flag): string | undefined {
  if (bucketing === "growthbook" || consent.length === 0) return undefined;
  return `consent must be left out for bucketing ${bucketing}, got ${consent.join(", ")}`;
}

/** VWO's SDKs know whole percents of people, and compare attributes as texts. */
function vwoBreach({ bucketing, rollout, audience }: Flag): string | undefined {
  if (bucketing !== "vwo") return undefined;
  if (rollout % 100 !== 0) {
    return `rollout must be in whole hundreds for bucketing vwo, got ${rollout}`;
  }
  const wrong = audience.find((rule) => !isTextRule(rule));
  return (
    wrong &&
    `audience must be of "in" with plain words for bucketing vwo, got ${JSON.stringify(wrong)}`
  );
}

const PLAIN_WORDS = /^(?!(true|false|nan|infinity|inlist)\b)[a-z][a-z0-9_ .@-]*$/i;

function isTextRule({ in: values, atLeast, atMost }: AudienceRule): boolean {
  return (
    atLeast === undefined &&
    atMost === undefined &&
    values !== undefined &&
    values.every((value) => typeof value === "string" && PLAIN_WORDS.test(value))
  );
}
