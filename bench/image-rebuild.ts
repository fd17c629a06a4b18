import { execFileSync, spawn } from "node:child_process";
import { appendFileSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { clonePath } from "../local/paths.ts";
import { readPlatform } from "../local/platform.ts";
import { interleaved, median, report, round } from "./measure.ts";

// The worker's image after one changed source line, built and pushed: our bundle on a shared base, and what a Dockerfile is
// that nobody has thought about. Both on the platform's engine, into its registry, in repositories of the bench's own.
const naiveDockerfile = (base: string): string => `FROM ${base}
WORKDIR /app
COPY . .
RUN npm ci --ignore-scripts
CMD ["node", "services/worker/main.ts"]
`;

/** One rebuild: how long it took, and how many bytes of layers the registry did not have. */
interface Rebuild {
  readonly seconds: number;
  readonly pushedBytes: number;
}

const { registry, dockerHost, baseImages } = await readPlatform();
const socketPath = dockerHost.replace("unix://", "");
const folder = mkdtempSync(join(tmpdir(), "marketing-stack-bench-"));
const work = join(folder, "clone");
const known = new Map<string, Set<string>>();
let changes = 0;

try {
  execFileSync("git", ["worktree", "add", "--quiet", "--detach", work, "HEAD"], { cwd: clonePath });
  symlinkSync(join(clonePath, "node_modules"), join(work, "node_modules"));
  writeFileSync(join(work, "Dockerfile.naive"), naiveDockerfile(baseImages.node));
  process.chdir(work);
  // After that: esbuild keeps the working directory in which it is loaded.
  const { bundledContext } = await import("../stacks/images.ts");
  const ours = (): Promise<Rebuild> =>
    rebuild("ours", async (image) => {
      const { context } = bundledContext("worker", { baseImage: baseImages.node });
      await build(image, context, "Dockerfile", []);
    });
  const naive = (): Promise<Rebuild> =>
    rebuild("naive", (image) =>
      build(image, ".", "Dockerfile.naive", ["--exclude=./node_modules", "--exclude=./.git"]),
    );
  const { a, b } = await interleaved(2, ours, naive);
  const seconds = [a, b].map((runs) => median(runs.map((run) => run.seconds)));
  const bytes = [a, b].map((runs) => Math.round(median(runs.map((run) => run.pushedBytes))));
  report("image-rebuild", {
    seconds: seconds[0],
    naiveSeconds: seconds[1],
    ratio: round(seconds[0]! / seconds[1]!),
    pushedBytes: bytes[0],
    naivePushedBytes: bytes[1],
    timesFewerBytes: Math.round(bytes[1]! / bytes[0]!),
    pairs: a.length,
  });
} finally {
  process.chdir(clonePath);
  rmSync(folder, { recursive: true, force: true });
  execFileSync("git", ["worktree", "prune"], { cwd: clonePath });
}

async function rebuild(
  name: string,
  buildImage: (image: string) => Promise<void>,
): Promise<Rebuild> {
  changes += 1;
  appendFileSync("services/worker/main.ts", `log.debug({ change: ${changes} }, "changed");\n`);
  const image = `${registry}/bench/${name}:rebuilt`;
  const begun = performance.now();
  await buildImage(image);
  await engine(`/images/${encodeURIComponent(image)}/push`, { "x-registry-auth": "e30=" });
  const seconds = round((performance.now() - begun) / 1000);
  return { seconds, pushedBytes: await bytesNew(`bench/${name}`) };
}

/** Builds as the docker provider does: the folder as a stream to the engine's own builder. */
function build(
  image: string,
  context: string,
  dockerfile: string,
  exclude: readonly string[],
): Promise<void> {
  const query = new URLSearchParams({
    t: image,
    dockerfile,
    networkmode: "host",
    buildargs: JSON.stringify({ BASE_IMAGE: baseImages.node }),
  });
  const tar = spawn("tar", ["-C", context, ...exclude, "-cf", "-", "."], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  return engine(`/build?${query.toString()}`, { "content-type": "application/x-tar" }, tar.stdout);
}

/** One POST to the engine. @throws Error with what it said if it failed. */
function engine(
  path: string,
  headers: Record<string, string>,
  body?: NodeJS.ReadableStream,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = request({ socketPath, path, method: "POST", headers }, (answer) => {
      let said = "";
      answer.setEncoding("utf8").on("data", (text: string) => (said += text));
      answer.on("end", () => {
        if (answer.statusCode === 200 && !said.includes('"errorDetail"')) resolve();
        else
          reject(
            new Error(`the engine must do ${path}, got ${answer.statusCode}: ${said.slice(-2000)}`),
          );
      });
    });
    sent.on("error", reject);
    if (body) body.pipe(sent);
    else sent.end();
  });
}

/** Bytes of the layers that were not in the repository's image before. */
async function bytesNew(repository: string): Promise<number> {
  const answer = await fetch(`http://${registry}/v2/${repository}/manifests/rebuilt`, {
    headers: { accept: "application/vnd.docker.distribution.manifest.v2+json" },
  });
  const { layers } = (await answer.json()) as { layers: { digest: string; size: number }[] };
  const before = known.get(repository) ?? new Set();
  known.set(repository, new Set(layers.map(({ digest }) => digest)));
  return layers
    .filter(({ digest }) => !before.has(digest))
    .reduce((sum, { size }) => sum + size, 0);
}
