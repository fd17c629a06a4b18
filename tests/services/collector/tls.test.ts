import { execFileSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { connect } from "node:tls";
import type { TLSSocket } from "node:tls";

import { waitFor } from "../../../local/wait.ts";
import { followCertificate, readCertificate } from "../../../services/collector/certificate.ts";
import { listenerOf, serveTls } from "../../../services/collector/server.ts";
import { openApp, WRITE_KEY } from "./open-app.ts";
import { temporaryFolder } from "./temporary-folder.ts";

/** Makes a certificate for `events.example` that signs itself, with its key. */
function made(): string {
  const folder = temporaryFolder();
  const files = ["-keyout", join(folder, "tls.key"), "-out", join(folder, "tls.crt")];
  execFileSync(
    "openssl",
    ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", ...files]
      .concat(["-days", "2", "-subj", "/CN=events.example"])
      .concat(["-addext", "subjectAltName=DNS:events.example"]),
    { stdio: "ignore" },
  );
  return folder;
}

/** Serial number of the certificate that is shown at a port. */
async function serialAt(port: number): Promise<string> {
  const socket: TLSSocket = connect({ host: "127.0.0.1", port, rejectUnauthorized: false });
  await once(socket, "secureConnect");
  const serial = socket.getPeerX509Certificate()!.serialNumber;
  socket.destroy();
  return serial;
}

const serialIn = (folder: string): string =>
  new X509Certificate(readFileSync(join(folder, "tls.crt"))).serialNumber;

test("an event arrives by TLS, a renewed certificate is taken, and one that cannot be used is not", async () => {
  const folder = made();
  const trouble: string[] = [];
  const { app, kept } = await openApp();
  const certificate = await readCertificate(folder);
  const server = serveTls(
    listenerOf(app, (message) => trouble.push(message)),
    certificate,
  ).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const stop = new AbortController();
  const onTrouble = (message: string): void => void trouble.push(message);
  const following = followCertificate(server, folder, certificate, 20, onTrouble, stop.signal);

  const event = { writeKey: WRITE_KEY, event: "Signup", userId: "user-1", messageId: "by-tls" };
  const sent = request({
    host: "127.0.0.1",
    port,
    path: "/v1/t",
    method: "POST",
    servername: "events.example",
    ca: certificate.cert,
  }).end(JSON.stringify(event));
  const [response] = await once(sent, "response");
  expect(response.statusCode).toBe(200);
  response.resume();
  expect((await kept()).events.map(({ id }) => id)).toEqual(["by-tls"]);
  expect(await serialAt(port)).toBe(serialIn(folder));

  writeFileSync(join(folder, "tls.key"), "no key");
  await waitFor("the trouble", 10, async () => (trouble.length > 0 ? true : undefined));
  expect(trouble[0]).toBe("cannot use the certificate, keep the former one");
  expect(await serialAt(port)).toBe(serialIn(folder));

  const renewed = made();
  for (const name of ["tls.key", "tls.crt"]) copyFileSync(join(renewed, name), join(folder, name));
  await waitFor("the renewed certificate", 10, async () =>
    (await serialAt(port)) === serialIn(renewed) ? true : undefined,
  );
  stop.abort();
  await following;
  server.closeAllConnections();
  server.close();
}, 60_000);

test("fails to read a key of another certificate, or none", async () => {
  const [folder, other] = [made(), made()];
  copyFileSync(join(other, "tls.key"), join(folder, "tls.key"));
  await expect(readCertificate(folder)).rejects.toThrow(/key values mismatch/);
  await expect(readCertificate(temporaryFolder())).rejects.toThrow(/no such file/);
});
