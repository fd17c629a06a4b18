import { WHOLE } from "../../contract/flag.ts";
import type { AudienceRule, Flag } from "../../contract/flag.ts";
import { rangesOf } from "../../contract/flag-ranges.ts";
import type { Fields } from "../dialects/fields.ts";
import type { FlagSet } from "./flags.ts";
import { isTaken, servedTo } from "./served-flags.ts";

/** Features as GrowthBook's SDKs load them. */
export function growthbookFeatures(set: FlagSet): Fields {
  return {
    status: 200,
    features: Object.fromEntries(
      servedTo("growthbook", set).map((flag) => [flag.key, featureOf(flag)]),
    ),
    dateUpdated: new Date(set.since).toISOString(),
  };
}

function featureOf(flag: Flag): Fields {
  return { defaultValue: flag.variants[0]!.value, rules: isTaken(flag) ? rulesOf(flag) : [] };
}

function rulesOf(flag: Flag): Fields[] {
  const { key, kind, salt, variants } = flag;
  const conditions = allConditionsOf(flag);
  const shared = {
    seed: salt,
    hashAttribute: "id",
    hashVersion: 2,
    ...(conditions.length > 0 ? { condition: { $and: conditions } } : {}),
  };
  // A variant of several ranges is as many variations of one key.
  const given = rangesOf(flag).map(({ variant, from, to }) => ({
    ...variants[variant]!,
    range: [from / WHOLE, to / WHOLE],
  }));
  if (kind === "flag") {
    // A forced value is not tracked as an experiment is.
    return given.map(({ value, range }) => ({ ...shared, force: value, range }));
  }
  return [
    {
      ...shared,
      key,
      variations: given.map(({ value }) => value),
      meta: given.map((one) => ({ key: one.key })),
      ranges: given.map(({ range }) => range),
    },
  ];
}

function allConditionsOf({ audience, consent = [] }: Flag): Fields[] {
  return [
    ...audience.flatMap((rule) =>
      rule.not ? [{ $not: { $and: conditionsOf(rule) } }] : conditionsOf(rule),
    ),
    ...consent.map((purpose) => ({ [`consent.${purpose}`]: { $eq: true } })),
  ];
}

/** `$eq` and `$type`, because the other forms take `"1"` for `1`. */
function conditionsOf({ attribute, in: values, atLeast, atMost }: AudienceRule): Fields[] {
  return [
    ...(values ? [{ $or: values.map((value) => ({ [attribute]: { $eq: value } })) }] : []),
    ...(atLeast === undefined ? [] : [{ [attribute]: { $type: "number", $gte: atLeast } }]),
    ...(atMost === undefined ? [] : [{ [attribute]: { $type: "number", $lte: atMost } }]),
  ];
}
