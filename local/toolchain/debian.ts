import { spawn, spawnSync } from "node:child_process";
import { accessSync, constants, existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Progress } from "../progress.ts";
import { debianPackages, type DebianPackage } from "./debian-packages.ts";
import { withLock } from "./lock.ts";
import { isPolicyLeft, keepServicesStopped, removeLeftPolicy } from "./policy-rc.ts";
import { lockPath } from "./store.ts";

/** How many of a failed run's last lines its error shows. */
const SHOWN_LINES = 15;

/** How long a package manager that someone else runs is waited for, in seconds. */
const LOCK_TIMEOUT = 600;

/**
 * Installs the Debian packages that the platform needs and the machine lacks; their services are neither started now
 * nor at the next boot.
 *
 * @param purpose whether the tests' own packages are wanted too
 * @throws Error before anything is changed, naming what is missing and how to get it, if this is not Debian or not root.
 */
export async function ensureDebianPackages(
  progress: Progress,
  purpose: "platform" | "tests" = "platform",
): Promise<void> {
  const wanted = debianPackages.filter(({ only }) => only === undefined || only === purpose);
  const isDebian = existsSync("/usr/bin/dpkg-query") && existsSync("/usr/bin/apt-get");
  const canInstall = isDebian && process.getuid?.() === 0;
  const missing = isDebian ? notInstalled(wanted) : wanted.filter(lacksProgram);
  if (missing.length > 0 && !canInstall) throw new Error(missingMessage(missing, isDebian));
  if (missing.length === 0 && !(canInstall && isPolicyLeft())) return;
  await progress.step(`Debian packages (${missing.length})`, (detail) =>
    withLock(
      lockPath("debian"),
      () => detail("waiting for another process that installs them"),
      async () => {
        removeLeftPolicy();
        const still = notInstalled(wanted); // another process may have installed them meanwhile
        if (still.length > 0) await install(still, detail);
      },
    ),
  );
}

/** What to tell a person who has to install packages by hand. */
export function missingMessage(missing: readonly DebianPackage[], isDebian: boolean): string {
  const names = missing.map(({ name }) => name).join(" ");
  if (isDebian) {
    return `the machine must have the Debian packages ${names}, got none of these; run as root, or first: sudo apt-get install --no-install-recommends ${names}`;
  }
  const programs = missing.map(({ name, program }) => `${program} (Debian's ${name})`).join(", ");
  return `the machine must have ${programs}, got none of these and no Debian to install them on; install them with the system's package manager, or use Debian 12 as root, where it is done for you`;
}

/** Those that are not fully installed, in one question to dpkg. */
function notInstalled(wanted: readonly DebianPackage[]): DebianPackage[] {
  const names = wanted.map(({ name }) => name);
  const asked = spawnSync(
    "dpkg-query",
    ["-W", "-f", "${Package} ${db:Status-Status}\n", ...names],
    {
      encoding: "utf8",
    },
  );
  const installed = new Set(asked.stdout.split("\n").filter((line) => line.endsWith(" installed")));
  return wanted.filter(({ name }) => !installed.has(`${name} installed`));
}

function lacksProgram({ program }: DebianPackage): boolean {
  const folders = [...(process.env.PATH ?? "").split(":"), "/usr/sbin", "/sbin"];
  const paths = program.startsWith("/")
    ? [program]
    : folders.map((folder) => join(folder, program));
  return !paths.some((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

async function install(
  missing: readonly DebianPackage[],
  detail: (text: string) => void,
): Promise<void> {
  const names = missing.map(({ name }) => name);
  const aptGet = ["apt-get", "--quiet", "-o", `DPkg::Lock::Timeout=${LOCK_TIMEOUT}`];
  await keepServicesStopped(async () => {
    await configureLeft(detail);
    await run([...aptGet, "update"], detail);
    await run([...aptGet, "install", "--yes", "--no-install-recommends", ...names], detail);
  });
  const services = missing.flatMap(({ services }) => services ?? []);
  if (services.length > 0 && existsSync("/usr/bin/systemctl")) {
    await run(["systemctl", "disable", "--quiet", ...services], detail);
  }
}

/** Finishes what a killed installation left. dpkg, unlike apt-get, does not wait for others by itself. */
async function configureLeft(detail: (text: string) => void): Promise<void> {
  const deadline = performance.now() + LOCK_TIMEOUT * 1000;
  for (;;) {
    try {
      return await run(["dpkg", "--configure", "-a"], detail);
    } catch (error) {
      const isHeld = (error as Error).message.includes("was locked by another process");
      if (!isHeld || performance.now() > deadline) throw error;
      detail("waiting for another package manager");
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  }
}

async function run(
  [program, ...args]: readonly string[],
  detail: (text: string) => void,
): Promise<void> {
  const child = spawn(program!, args, {
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const last: string[] = [];
  for (const input of [child.stdout, child.stderr]) {
    createInterface({ input }).on("line", (line) => {
      last.push(line);
      if (last.length > SHOWN_LINES) last.shift();
      detail(line);
    });
  }
  const status = await new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve(signal ?? code));
  });
  if (status !== 0) {
    throw new Error(
      `${program} ${args.join(" ")} must succeed, got status ${status}; run it by hand to see why:\n${last.join("\n")}`,
    );
  }
}
