import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { relative } from "node:path";

/**
 * Compares `text` with the golden file at `path`; with `RENEW_GOLDENS=1` writes it instead.
 *
 * @throws Error with the command that renews the golden if it is stale or missing.
 */
export function expectGolden(path: string, text: string): void {
  if (process.env.RENEW_GOLDENS === "1") {
    writeFileSync(path, text);
    return;
  }
  const golden = existsSync(path) ? readFileSync(path, "utf8") : undefined;
  if (golden === text) return;
  const test = relative(process.cwd(), expect.getState().testPath ?? "");
  const command = `RENEW_GOLDENS=1 npm run ${test.includes("e2e") ? "test" : "check"} -- ${test}`;
  process.stderr.write(
    `\n${relative(process.cwd(), path)} is stale; if the change is meant: ${command}\n`,
  );
  expect(text).toBe(golden);
}
