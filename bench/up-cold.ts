import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { cachePath, clonePath } from "../local/paths.ts";
import { measure, report, round } from "./measure.ts";

// `npm run up` of a fresh clone with nothing cached: own state, own caches of npm and Go. Stop the platform first.
const folder = mkdtempSync(join(dirname(cachePath), "marketing-stack-cold-"));
const clone = join(folder, "clone");
const environment = {
  XDG_STATE_HOME: join(folder, "state"),
  XDG_CACHE_HOME: join(folder, "cache"),
  GOCACHE: join(folder, "go-build"),
  GOMODCACHE: join(folder, "go-mod"),
  npm_config_cache: join(folder, "npm"),
};
try {
  await measure("git", ["clone", "--quiet", clonePath, clone]);
  const up = await measure("npm", ["run", "up"], { cwd: clone, environment });
  const log = readFileSync(
    join(folder, "state", "marketing-stack", "stacks", "dev", "up.log"),
    "utf8",
  );
  process.stderr.write(up.output);
  report("up-cold", { seconds: up.seconds, parts: parts(up.output, log) });
} finally {
  spawnSync("npm", ["run", "down", "--", "--purge"], {
    cwd: clone,
    env: { ...process.env, ...environment },
    stdio: ["ignore", "inherit", "inherit"],
  });
  rmSync(folder, { recursive: true, force: true });
}

/** Seconds of each part, from the steps that `up` prints and the durations that the engine prints. */
function parts(output: string, log: string): Record<string, number> {
  const steps = [...output.matchAll(/✓ (.+?)(?:: .*)? \((?:(\d+):(\d+)|(\d+) s)\)$/gm)].map(
    ([, title, minutes, seconds, whole]) =>
      [title!, whole ? Number(whole) : Number(minutes) * 60 + Number(seconds)] as const,
  );
  const images = [...log.matchAll(/docker:index:\w+ \S+ created \(([\d.]+)s\)/g)].map((match) =>
    Number(match[1]),
  );
  return {
    ...Object.fromEntries(steps),
    images: round(images.reduce((sum, each) => sum + each, 0)),
  };
}
