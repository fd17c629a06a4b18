/** Numbers of the levels as in the other services' logs. */
const numbers: Readonly<Record<string, number>> = {
  error: 50,
  warn: 40,
  info: 30,
  http: 20,
  debug: 20,
};

/**
 * One line of the log, in the shape of the other services' logs.
 *
 * @param level name of a winston level; one that is not known counts as the least.
 */
export function logLine(level: string, message: unknown, stack?: unknown): string {
  return JSON.stringify({
    level: numbers[level] ?? 10,
    time: Date.now(),
    service: "cms",
    msg: message,
    ...(stack === undefined ? {} : { stack }),
  });
}
