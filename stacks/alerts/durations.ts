/** Seconds of each unit of a duration. */
const UNITS = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

/** Seconds of a duration such as `30s`, `5m`, `1h` or `2d`; undefined if it is none. */
export function secondsOf(duration: unknown): number | undefined {
  const match = /^(\d+)([smhd])$/.exec(String(duration));
  return match ? Number(match[1]) * UNITS[match[2] as keyof typeof UNITS] : undefined;
}
