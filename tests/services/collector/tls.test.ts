import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { request } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

import { waitFor } from "../../../local/wait.ts";
import { followCertificate, readCertificate } from "../../../services/collector/certificate.ts";
import { HttpFront } from "../../../services/collector/http-front.ts";
import { madeCertificate, writeCertificate } from "../../made-certificate.ts";
import { serialNumberAt } from "../../shown-certificate.ts";
import { openApp, WRITE_KEY } from "./open-app.ts";
import { temporaryFolder } from "./temporary-folder.ts";

test("an event arrives by TLS, a renewed certificate is taken, and one that cannot be used is not", async () => {
  const folder = temporaryFolder();
  const [first, renewed] = [madeCertificate(), madeCertificate()];
  writeCertificate(folder, first);
  const trouble: string[] = [];
  const { app, kept } = await openApp();
  const certificate = await readCertificate(folder);
  const server = new HttpFront(app).tlsServer(certificate).listen(0, "127.0.0.1");
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
  expect(await serialNumberAt(port)).toBe(first.serialNumber);

  writeFileSync(join(folder, "tls.key"), "no key");
  await waitFor("the trouble", 10, async () => (trouble.length > 0 ? true : undefined));
  expect(trouble[0]).toBe("cannot use the certificate, keep the former one");
  expect(await serialNumberAt(port)).toBe(first.serialNumber);

  writeCertificate(folder, renewed);
  await waitFor("the renewed certificate", 10, async () =>
    (await serialNumberAt(port)) === renewed.serialNumber ? true : undefined,
  );
  stop.abort();
  await following;
  server.closeAllConnections();
  server.close();
}, 60_000);

test.each([
  [{}, "https"],
  [{ "x-forwarded-proto": "http" }, "http"],
])("analytics.js that asks by TLS with %j is told to send by %s", async (headers, protocol) => {
  const { certificate, key } = madeCertificate();
  const { app } = await openApp();
  const server = new HttpFront(app).tlsServer({ cert: certificate, key }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const asked = request({
    host: "127.0.0.1",
    port,
    path: `/v1/projects/${WRITE_KEY}/settings`,
    servername: "events.example",
    ca: certificate,
    headers,
  }).end();
  const [response] = await once(asked, "response");
  const settings = JSON.parse(Buffer.concat(await response.toArray()).toString());
  expect(settings.integrations["Segment.io"]).toEqual({
    apiKey: WRITE_KEY,
    apiHost: `127.0.0.1:${port}/v1`,
    protocol,
  });
  server.closeAllConnections();
  server.close();
});

test("fails to read a key of another certificate, or none", async () => {
  const folder = temporaryFolder();
  const [one, other] = [madeCertificate(), madeCertificate()];
  writeCertificate(folder, { ...one, key: other.key });
  await expect(readCertificate(folder)).rejects.toThrow(/key values mismatch/);
  await expect(readCertificate(temporaryFolder())).rejects.toThrow(/no such file/);
});
