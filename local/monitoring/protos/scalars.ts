const limits: Readonly<Record<string, readonly [bigint, bigint]>> = {
  int32: [-(2n ** 31n), 2n ** 31n - 1n],
  uint32: [0n, 2n ** 32n - 1n],
  int64: [-(2n ** 63n), 2n ** 63n - 1n],
  uint64: [0n, 2n ** 64n - 1n],
};

/** Canonical JSON of a scalar of the protobuf type `type`, or nothing if `json` is not one. */
export function readScalar(type: string, json: unknown): string | number | boolean | undefined {
  const range = limits[type];
  if (range) return readInteger(type, range, json);
  switch (type) {
    case "string":
      return typeof json === "string" ? json : undefined;
    case "bytes":
      return typeof json === "string" && /^[A-Za-z0-9+/_-]*={0,2}$/.test(json) ? json : undefined;
    case "bool":
      return typeof json === "boolean" ? json : undefined;
    case "double":
    case "float":
      return readFloat(json);
    default:
      throw new Error(
        `scalar must be a type that Cloud Monitoring uses, got ${JSON.stringify(type)}`,
      );
  }
}

function readInteger(
  type: string,
  [least, greatest]: readonly [bigint, bigint],
  json: unknown,
): string | number | undefined {
  const whole =
    (typeof json === "number" && Number.isInteger(json)) ||
    (typeof json === "string" && /^-?\d{1,20}$/.test(json));
  if (!whole) return undefined;
  const value = BigInt(json as string | number);
  if (value < least || value > greatest) return undefined;
  return type.endsWith("64") ? String(value) : Number(value);
}

function readFloat(json: unknown): string | number | undefined {
  if (typeof json === "number") return json;
  if (json === "NaN" || json === "Infinity" || json === "-Infinity") return json;
  return typeof json === "string" && /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(json)
    ? Number(json)
    : undefined;
}
