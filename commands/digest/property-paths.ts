/**
 * Paths of the innermost properties in which two values differ, as the engine writes them: `spec.ports[0].port`,
 * `metadata.labels["app.kubernetes.io/name"]`.
 */
export function differingPaths(before: unknown, after: unknown): string[] {
  return [...differences(before, after, "")].sort();
}

function* differences(before: unknown, after: unknown, path: string): Generator<string> {
  if (Object.is(before, after)) return;
  if (Array.isArray(before) && Array.isArray(after)) {
    for (let index = 0; index < Math.max(before.length, after.length); index += 1) {
      yield* differences(before[index], after[index], `${path}[${index}]`);
    }
  } else if (isTree(before) && isTree(after)) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
      yield* differences(before[key], after[key], childPath(path, key));
    }
  } else {
    yield path;
  }
}

function isTree(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function childPath(path: string, key: string): string {
  if (!/^[A-Za-z_$][\w$]*$/.test(key)) return `${path}[${JSON.stringify(key)}]`;
  return path === "" ? key : `${path}.${key}`;
}
