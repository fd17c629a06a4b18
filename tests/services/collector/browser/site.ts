import { execFileSync, spawn } from "node:child_process";
import { createHash, X509Certificate } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

import { temporaryFolder } from "../temporary-folder.ts";

const ROOT = join(import.meta.dirname, "../../../..");

/** How long a visit may take, in milliseconds. */
const DEADLINE_MS = 45_000;

/** Tells what goes wrong in the page, and goes on to another when it may. */
const FRAME = `
  fetch("/left").then(() => { location.href = "about:blank"; });
  window.addEventListener("error", (event) => report(event.message));
  window.addEventListener("unhandledrejection", (event) => report(String(event.reason)));
  function report(text) { navigator.sendBeacon("/trouble", text); }
`;

/** A site of another origin than the collector's, that somebody looks at for as long as `seen` takes. */
export interface Visit {
  /** JavaScript of the page, with imports of npm packages; `COLLECTOR` is the collector's URL, `KEY` the write key. */
  readonly script: string;
  readonly collectorUrl: string;
  readonly writeKey: string;
  /** That of the collector, as PEM, if its URL is https. */
  readonly certificate?: string;
  /** @param leave makes the page go on to another, so that what is said last must outlive it. */
  seen(leave: () => void): Promise<void>;
}

/**
 * Opens a page in a Chromium of its own, until it has been seen.
 *
 * @throws Error with what the page complained of, if it did.
 */
export async function visit(visited: Visit): Promise<void> {
  const { script, collectorUrl, writeKey, certificate, seen } = visited;
  const bundle = execFileSync(
    join(ROOT, "node_modules/.bin/esbuild"),
    ["--bundle", "--format=iife", "--platform=browser", "--log-level=error"].concat(
      `--define:COLLECTOR=${JSON.stringify(collectorUrl)}`,
      `--define:KEY=${JSON.stringify(writeKey)}`,
    ),
    { input: script, cwd: ROOT, maxBuffer: 64 * 1024 * 1024 },
  );
  const troubles: string[] = [];
  let leave = (): void => undefined;
  const left = new Promise<void>((resolve) => (leave = resolve));
  const server = createServer((request, response) => {
    if (request.url === "/trouble") {
      void request.toArray().then((chunks) => troubles.push(Buffer.concat(chunks).toString()));
      response.end();
    } else if (request.url === "/left") {
      void left.then(() => response.end());
    } else if (request.url === "/script.js") {
      response.setHeader("content-type", "text/javascript").end(bundle);
    } else {
      response
        .setHeader("content-type", "text/html; charset=utf-8")
        .end(`<title>Shop</title><script>${FRAME}</script><script src="/script.js"></script>`);
    }
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  // By this name it is another origin, and another site, than 127.0.0.1.
  const url = `http://localhost:${(server.address() as AddressInfo).port}/?utm_campaign=spring`;
  const chromium = spawn(
    "chromium",
    ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"].concat(
      "--no-first-run",
      "--remote-debugging-port=0",
      `--user-data-dir=${temporaryFolder()}`,
      ...(certificate ? [`--ignore-certificate-errors-spki-list=${keyDigest(certificate)}`] : []),
      url,
    ),
    { stdio: "ignore", detached: true },
  );
  const ended = once(chromium, "exit");
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`the page must be seen in time, it complained of: ${troubles.join("; ")}`));
    }, DEADLINE_MS);
  });
  try {
    await Promise.race([seen(leave), late]);
  } finally {
    clearTimeout(timer);
    // Its processes are a group.
    process.kill(-chromium.pid!, "SIGKILL");
    await ended;
    server.close();
    server.closeAllConnections();
  }
  if (troubles.length > 0) throw new Error(`the page complained: ${troubles.join("; ")}`);
}

/** SHA-256 of a certificate's public key, by which Chromium is told to trust it. */
function keyDigest(certificate: string): string {
  const key = new X509Certificate(certificate).publicKey.export({ type: "spki", format: "der" });
  return createHash("sha256").update(key).digest("base64");
}
