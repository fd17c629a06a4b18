import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { listAll } from "../../../commands/comment/api.ts";

const servers: Server[] = [];

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

test("fails rather than send the token to another host for the next page", async () => {
  const url = await serve((_, response) => {
    response.setHeader("link", '<https://elsewhere.example/comments?page=2>; rel="next"');
    response.end("[]");
  });
  await expect(listAll({ url, headers: {} }, "/comments", "")).rejects.toThrow(
    `the next page must be on ${url}, got "https://elsewhere.example/comments?page=2"`,
  );
});

test("fails rather than follow a redirection with the token", async () => {
  let followed = 0;
  const elsewhere = await serve((_, response) => {
    followed += 1;
    response.end("[]");
  });
  const url = await serve((_, response) => {
    response.writeHead(302, { location: elsewhere }).end();
  });
  await expect(listAll({ url, headers: {} }, "/comments", "")).rejects.toThrow();
  expect(followed).toBe(0);
});
