import { once } from "node:events";
import { createServer } from "node:http";
import type { IncomingHttpHeaders, Server } from "node:http";
import { connect } from "node:net";
import type { AddressInfo, Socket } from "node:net";

import fc from "fast-check";

import { waitFor } from "../../../local/wait.ts";
import type { Answer } from "../../../services/collector/answer.ts";
import { Room } from "../../../services/collector/body.ts";
import { FastPath } from "../../../services/collector/fast-path.ts";

/** What both servers answer with: all that they understood of a request. */
function echo(url: string, headers: IncomingHttpHeaders, body: Buffer): Answer {
  const status = Number(/status=(\d+)/.exec(url)?.[1] ?? 200);
  const hasBody = status !== 204 && status !== 304;
  return {
    status,
    headers: { "content-type": "text/plain", "x-colour": url.includes("break") ? "a\nb" : "blue" },
    body: url.includes("long")
      ? `${"x".repeat(20_000_000)} END`
      : hasBody
        ? `${url} ${JSON.stringify(headers)} ${body.toString("latin1")} ü`
        : "",
  };
}

const KEEP_ALIVE_MS = 620_000;
const ROOM = 8 * 1024 * 1024;
const room = new Room(ROOM);
let [plain, fronted]: Server[] = [];
let fastPath: FastPath;
let taken: number;
let hold: Promise<void>;
let isStopping: boolean;

beforeEach(async () => {
  taken = 0;
  hold = Promise.resolve();
  isStopping = false;
  [plain, fronted] = [httpServer(), httpServer()];
  const [takeOver] = fronted.listeners("connection") as [(socket: Socket) => void];
  fronted.removeAllListeners("connection");
  fastPath = new FastPath({
    answer: async ({ url, headers }, body) => {
      taken += 1;
      await hold;
      return echo(url, headers, body);
    },
    inPlaceOf: (error) => ({ status: 503, headers: {}, body: error.message }),
    handOver: (socket) => takeOver.call(fronted!, socket),
    room,
    isStopping: () => isStopping,
    keepAliveMs: KEEP_ALIVE_MS,
  });
  fronted.on("connection", (socket) => fastPath.accept(socket));
  for (const server of [plain, fronted]) {
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
  }
});

afterEach(async () => {
  jest.useRealTimers();
  fastPath.closeAll();
  for (const server of [plain!, fronted!]) {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  }
  // Nothing is held any more.
  expect(room.take(ROOM)).toBe(true);
  room.give(ROOM);
});

function httpServer(): Server {
  return createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
    const chunks: Buffer[] = [];
    request.on("error", () => undefined);
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { status, headers, body } = echo(request.url!, request.headers, Buffer.concat(chunks));
      response.writeHead(status, { ...headers, "content-length": Buffer.byteLength(body) });
      response.end(body);
    });
  });
}

const post = (body: string, url = "/v1/batch", more = ""): string =>
  `POST ${url} HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n${more}Content-Length: ${body.length}\r\n\r\n${body}`;

/** Makes a server close, whatever it took the bytes before for. */
const LAST = "GET /last HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n";

/** What a server sends until it closes, to a client whose pieces it gets one by one. */
async function conversation(server: Server, pieces: readonly string[]): Promise<string> {
  const accepted = once(server, "connection") as Promise<[Socket]>;
  const socket = connect((server.address() as AddressInfo).port, "127.0.0.1").setNoDelay();
  let said = "";
  socket.on("data", (chunk: Buffer) => (said += chunk.toString("latin1")));
  socket.on("error", () => undefined);
  const closed = new Promise((resolve) => socket.once("close", resolve));
  const [other] = await accepted;
  let sent = 0;
  for (const piece of pieces.map((text) => Buffer.from(text, "latin1"))) {
    if (other.destroyed) break;
    socket.write(piece);
    sent += piece.length;
    while (other.bytesRead < sent && !other.destroyed) {
      await new Promise((next) => setImmediate(next));
    }
  }
  await closed;
  return said.replaceAll(/\r\nDate: [^\r]*\r\n/g, "\r\nDate: now\r\n");
}

async function expectSame(pieces: readonly string[]): Promise<void> {
  const expected = await conversation(plain!, [...pieces, LAST]);
  expect(await conversation(fronted!, [...pieces, LAST])).toBe(expected);
  expect(expected).toMatch(/^HTTP\/1.1 \d{3} /);
}

test.each([
  ["a request", [post("{}")]],
  ["one behind the other", [post("{}"), post("[1]", "/v1/t?a=b"), post("")]],
  ["a body in pieces", [post("{123456").slice(0, -6), "12", "345", "6"]],
  [
    "white space around values",
    ["POST / HTTP/1.1\r\nhost:h\r\nx-a: \t b  c \t\r\nx-empty:\r\ncontent-length:0\r\n\r\n"],
  ],
  ["Connection: Keep-Alive", [post("{}", "/", "Connection: Keep-Alive\r\n")]],
  ["what is answered with 204", [post("{}", "/?status=204")]],
  ["what is answered with 404", [post("{}", "/?status=404")]],
])("%s is answered on the fast path as by node:http", async (_, pieces) => {
  await expectSame(pieces);
  expect(taken).toBe(pieces.filter((piece) => piece.startsWith("POST")).length);
});

test.each([
  ["another method", "PUT / HTTP/1.1\r\nhost: h\r\ncontent-length: 2\r\n\r\n{}"],
  ["a method in small letters", "post / HTTP/1.1\r\nhost: h\r\ncontent-length: 2\r\n\r\n{}"],
  ["HTTP/1.0", "POST / HTTP/1.0\r\nhost: h\r\ncontent-length: 2\r\n\r\n{}"],
  ["HTTP/1.2", "POST / HTTP/1.2\r\nhost: h\r\ncontent-length: 2\r\n\r\n{}"],
  ["no host", "POST / HTTP/1.1\r\ncontent-length: 2\r\n\r\n{}"],
  ["two hosts", post("{}", "/", "Host: other\r\n")],
  ["a whole address", post("{}", "http://other/v1/batch")],
  ["white space in the path", post("{}", "/v1/ batch")],
  ["a path with a bar", post("{}", "/v1/a|b")],
  ["a path beyond ASCII", post("{}", "/v1/\xfc")],
  ["lines that end without a return", post("{}").replaceAll("\r\n", "\n")],
  ["lines that end without a new line", post("{}").replaceAll("\r\n", "\r")],
  ["a folded header", post("{}", "/", "x-a: b\r\n c\r\n")],
  ["a header without colon", post("{}", "/", "x-a\r\n")],
  ["a header without name", post("{}", "/", ": b\r\n")],
  ["white space before a colon", post("{}", "/", "Content-Length : 1\r\n")],
  ["white space before a name", post("{}", "/", " Content-Length: 1\r\n")],
  ["NUL in a value", post("{}", "/", "x-a: b\0c\r\n")],
  ["a return in a value", post("{}", "/", "x-a: b\rc\r\n")],
  ["a value beyond ASCII", post("{}", "/", "x-a: \xfc\r\n")],
  ["a header twice", post("{}", "/", "x-a: b\r\nX-A: c\r\n")],
  ["headers that objects have", post("{}", "/", "constructor: b\r\n__proto__: c\r\n")],
  ["cookies twice", post("{}", "/", "cookie: a\r\ncookie: b\r\n")],
  ["a length twice", post("{}", "/", "Content-Length: 2\r\n")],
  ["two lengths", post("{}", "/", "Content-Length: 1\r\n")],
  ["a length with a sign", post("{}").replace(": 2", ": +2")],
  ["a length in hexadecimal", post("{}").replace(": 2", ": 0x2")],
  ["two lengths in one", post("{}").replace(": 2", ": 2, 2")],
  ["no length", "POST / HTTP/1.1\r\nhost: h\r\n\r\n"],
  [
    "chunks",
    "POST / HTTP/1.1\r\nhost: h\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
  ],
  ["chunks and a length", post("2\r\n{}\r\n0\r\n\r\n", "/", "Transfer-Encoding: chunked\r\n")],
  ["chunks by another name", post("2\r\n{}\r\n0\r\n\r\n", "/", "Transfer-Encoding: xchunked\r\n")],
  ["Expect", post("{}", "/", "Expect: 100-continue\r\n")],
  ["Connection: close", post("{}", "/", "Connection: close\r\n")],
  ["two words about the connection", post("{}", "/", "Connection: keep-alive, x-a\r\n")],
  ["TE", post("{}", "/", "TE: trailers\r\n")],
  ["a request behind another", post("{}", "/first") + post("{}", "/second")],
  ["half of a request behind another", post("{}", "/first") + post("{}", "/second").slice(0, 30)],
  ["a head that is too long", post("{}", "/", `x-a: ${"a".repeat(9_000)}\r\n`)],
  ["an empty line before", `\r\n${post("{}")}`],
  ["no HTTP", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\r\n\r\n"],
])("%s is for node:http to answer", async (_, bytes) => {
  await expectSame([bytes]);
  expect(taken).toBe(0);
});

/** Mostly the first, else one of the others. */
const mostly = <T>(first: T, ...others: T[]): fc.Arbitrary<T> =>
  fc.oneof({ arbitrary: fc.constant(first), weight: 15 }, fc.constantFrom(...others));

const within = fc.double({ min: 0, max: 1, noNaN: true });

const requestBytes = fc
  .record({
    method: mostly("POST", "GET", "PUT", "post"),
    url: fc.oneof(
      { arbitrary: fc.constantFrom("/", "/v1/t?a=%20b&c=d", "/?status=204"), weight: 9 },
      fc.constantFrom("*", "/#", "/\\", "//h/", "/ "),
    ),
    version: mostly("1.1", "1.0", "2.0"),
    lines: fc.oneof(
      { arbitrary: fc.subarray(["Accept: */*", "x-a:  b ", "Connection: keep-alive"]), weight: 4 },
      fc.subarray([
        "Accept: */*",
        "accept: text/html",
        "Connection: close",
        "Connection: x-a",
        "Transfer-Encoding: chunked",
        "Expect: 100-continue",
        "Content-Length: 3",
        "Host: other",
        "constructor: a",
        "x-\xfc: 1",
        "X_Under-9: 1",
        "a b: c",
      ]),
    ),
    body: fc.string({ maxLength: 40, unit: "binary-ascii" }),
    wrongBy: mostly(0, 1, -1),
    end: mostly("\r\n", "\n"),
    change: fc.oneof(
      { arbitrary: fc.constant(undefined), weight: 6 },
      fc.record({
        at: within,
        to: fc.constantFrom("", " ", "\r", "\n", "\0", ":", "\t", "\xe9", "a"),
      }),
    ),
  })
  .map(({ method, url, version, lines, body, wrongBy, end, change }) => {
    const length = `Content-Length: ${Math.max(0, body.length + wrongBy)}`;
    const head = [`${method} ${url} HTTP/${version}`, "Host: h", ...lines, length];
    const text = [...head, "", body].join(end);
    if (change === undefined) return text;
    const at = Math.floor(change.at * text.length);
    return text.slice(0, at) + change.to + text.slice(at + 1);
  });

test("whatever comes, in whatever pieces, is answered as by node:http", async () => {
  let requests = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(requestBytes, fc.array(within, { maxLength: 2 })), {
        minLength: 1,
        maxLength: 3,
      }),
      async (sent) => {
        requests += sent.length;
        const pieces = sent.flatMap(([text, cuts]) => {
          const at = cuts.map((cut) => Math.floor(cut * text.length)).sort((a, b) => a - b);
          return [...at, text.length].map((end, index) => text.slice(at[index - 1] ?? 0, end));
        });
        await expectSame(pieces.filter((piece) => piece !== ""));
      },
    ),
    { numRuns: 1_000 },
  );
  // Else little of it was compared.
  expect(taken).toBeGreaterThan(requests / 10);
}, 120_000);

async function client(options: { allowHalfOpen?: boolean } = {}): Promise<{
  socket: Socket;
  said(text: string): Promise<void>;
  closed: Promise<unknown>;
}> {
  const { port } = fronted!.address() as AddressInfo;
  const socket = connect({ port, host: "127.0.0.1", ...options });
  let all = "";
  socket.on("data", (chunk: Buffer) => (all += chunk.toString("latin1")));
  socket.on("error", () => undefined);
  const closed = once(socket, "close");
  await once(socket, "connect");
  const said = async (text: string): Promise<void> => {
    await waitFor(`${text} among what was said`, 10, async () => all.includes(text) || undefined);
  };
  return { socket, said, closed };
}

/** Lets no answer go before what it returns is called. */
function holdAnswers(): () => void {
  let go: () => void = () => undefined;
  hold = new Promise((resolve) => (go = resolve));
  return () => go();
}

test("an answer that cannot be sent is replaced by one that says so", async () => {
  await expect(conversation(fronted!, [post("{}", "/?break"), LAST])).resolves.toMatch(
    /^HTTP\/1.1 503 Service Unavailable\r\ncontent-length: \d+\r\n[^]*\r\n\r\nInvalid character in header/,
  );
});

test("a request that comes while another is answered waits for its turn", async () => {
  const go = holdAnswers();
  const { socket, said } = await client();
  socket.write(post("{}", "/first"));
  await waitFor("the first", 10, async () => taken === 1 || undefined);
  socket.write(post("{}", "/second"));
  socket.write(post("{}", "/third").slice(0, 40));
  go();
  await said("/second ");
  socket.write(post("{}", "/third").slice(40));
  await said("/third ");
  socket.destroy();
});

test("a connection that was just made is not idle: its first request is on the way", async () => {
  const kept = await client();
  kept.socket.write(post("{}", "/kept"));
  await kept.said("/kept ");
  const made = await client();
  fastPath.closeIdle();
  await kept.closed;
  made.socket.write(post("{}", "/first"));
  await made.said("/first ");
  made.socket.destroy();
});

test("at the end a connection is closed behind its answer, also if its client does not close it", async () => {
  const accepted = once(fronted!, "connection") as Promise<[Socket]>;
  const { socket, said } = await client({ allowHalfOpen: true });
  const [other] = await accepted;
  const closed = once(other, "close");
  isStopping = true;
  socket.write(post("{}"));
  await said("Connection: close");
  await closed;
  socket.destroy();
});

test("a client that ends while its answer is on the way gets all of it, and is closed", async () => {
  const accepted = once(fronted!, "connection") as Promise<[Socket]>;
  const { socket, said } = await client({ allowHalfOpen: true });
  const [other] = await accepted;
  const closed = once(other, "close");
  socket.pause();
  socket.write(post("{}", "/?long"));
  await waitFor(
    "an answer that is not flushed",
    10,
    async () => other.writableNeedDrain || undefined,
  );
  socket.end();
  await waitFor("the end", 10, async () => other.readableEnded || undefined);
  socket.resume();
  await said(" END");
  await closed;
  socket.destroy();
});

test("what comes while a request is answered takes room, and is closed where there is none", async () => {
  const go = holdAnswers();
  const { socket, closed } = await client();
  socket.write(post("{}", "/first"));
  await waitFor("the first", 10, async () => taken === 1 || undefined);
  expect(room.take(ROOM - 2)).toBe(true);
  socket.write(post("{}", "/second"));
  await closed;
  room.give(ROOM - 2);
  go();
});

test("who sends nothing, or half a request, is handed to a server that watches it", async () => {
  jest.useFakeTimers({
    doNotFake: [
      "setTimeout",
      "clearTimeout",
      "setImmediate",
      "nextTick",
      "performance",
      "Date",
      "queueMicrotask",
    ],
  });
  const handedOver: Socket[] = [];
  fastPath = new FastPath({
    answer: async ({ url, headers }, body) => echo(url, headers, body),
    inPlaceOf: (error) => ({ status: 503, headers: {}, body: error.message }),
    handOver: (socket) => handedOver.push(socket),
    room,
    isStopping: () => false,
    keepAliveMs: KEEP_ALIVE_MS,
  });
  const [silent, half, kept] = [await client(), await client(), await client()];
  half.socket.write(post("{}").slice(0, -1));
  kept.socket.write(post("{}"));
  await kept.said("HTTP/1.1 200 OK");
  jest.advanceTimersByTime(5_000);
  expect(handedOver).toEqual([]);
  jest.advanceTimersByTime(5_000);
  expect(handedOver).toHaveLength(2);
  expect(handedOver.map((socket) => socket.readableLength).sort((a, b) => a - b)).toEqual([
    0,
    post("{}").length - 1,
  ]);
  jest.advanceTimersByTime(KEEP_ALIVE_MS);
  await kept.closed;
  for (const socket of [silent.socket, half.socket, ...handedOver]) socket.destroy();
});
