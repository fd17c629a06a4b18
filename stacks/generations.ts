import { generatedSecrets } from "./secrets.ts";

/** What is wrong with the value of the key `generations` in a stack with these sources; empty if it will do. */
export function generationProblems(value: unknown, sources: readonly string[]): string[] {
  const key = "marketing-stack:generations";
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return [`${key} must be lists by the names of secrets, got ${JSON.stringify(value)}`];
  }
  const known = Object.keys(generatedSecrets(sources));
  return Object.entries(value).flatMap(([name, list]) => {
    if (!known.includes(name)) {
      return [
        `${key} must name generated secrets, got ${JSON.stringify(name)}; known are ${known.join(", ")}`,
      ];
    }
    return isGenerations(list)
      ? []
      : [
          `${key}.${name} must be [n], or [n + 1, n] while both are valid, got ${JSON.stringify(list)}`,
        ];
  });
}

function isGenerations(list: unknown): boolean {
  if (!Array.isArray(list) || list.length < 1 || list.length > 2) return false;
  const [newest, previous] = list as unknown[];
  if (!Number.isSafeInteger(newest) || (newest as number) < 0) return false;
  return previous === undefined ? list.length === 1 : previous === (newest as number) - 1;
}
