import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A chat webhook on the node's own address, which pods can reach; keeps what it was sent. */
export async function startChat(address: string): Promise<{
  readonly url: string;
  readonly messages: string[];
  stop(): Promise<void>;
}> {
  const messages: string[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (text: string) => (body += text));
    request.on("end", () => {
      messages.push((JSON.parse(body) as { text: string }).text);
      response.end("ok");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  return {
    url: `http://${address}:${(server.address() as AddressInfo).port}/hooks/chat`,
    messages,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
