import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { waitFor } from "../../../local/wait.ts";
import type { UptimeCheck } from "../../../local/monitoring/rules/uptime-check.ts";
import { ask } from "../../../local/monitoring/uptime/ask.ts";
import { accepts, matchesContent } from "../../../local/monitoring/uptime/judge.ts";
import { runUptimeChecks } from "../../../local/monitoring/uptime/runner.ts";
import { startEmulator } from "./emulator.ts";

let server: Server;
let port: number;
let answer: (request: IncomingMessage, response: ServerResponse) => void;

beforeEach(async () => {
  server = createServer((request, response) => answer(request, response));
  await once(server.listen(0, "127.0.0.1"), "listening");
  ({ port } = server.address() as AddressInfo);
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

function check(changes: Partial<UptimeCheck> = {}): UptimeCheck {
  return { name: "c", timeout: "5s", httpCheck: { path: "/ready", port }, ...changes };
}

test("a check sends what it is told, and passes on a status from 200 to 299", async () => {
  const seen: unknown[] = [];
  answer = (request, response) => {
    const { method, url, headers } = request;
    request.on("data", (body) => {
      seen.push(method, url, headers["authorization"], headers["content-type"], headers["x-a"]);
      seen.push(String(body));
    });
    request.on("end", () => response.writeHead(204).end());
  };
  const httpCheck = {
    path: "ready?x=1",
    port,
    requestMethod: "POST",
    contentType: "URL_ENCODED",
    body: btoa("a=b"),
    headers: { "x-a": "1" },
    authInfo: { username: "u", password: "p" },
  };
  expect(await ask(check({ httpCheck }), "127.0.0.1")).toEqual({
    passed: true,
    latency: expect.any(Number),
    reason: "",
  });
  expect(seen).toEqual([
    "POST",
    "/ready?x=1",
    `Basic ${btoa("u:p")}`,
    "application/x-www-form-urlencoded",
    "1",
    "a=b",
  ]);
});

test("fails, and says why, on a status, content, a refusal and silence", async () => {
  const reasonOf = async (given: UptimeCheck): Promise<string> =>
    (await ask(given, "127.0.0.1")).reason;
  answer = (_, response) => response.writeHead(503).end("no");
  expect(await reasonOf(check())).toBe("status 503 is not accepted");
  answer = (_, response) => response.end("no");
  expect(await reasonOf(check({ contentMatchers: [{ content: "yes" }] }))).toBe(
    "the answer does not have the content",
  );
  answer = () => undefined;
  expect(await reasonOf(check({ timeout: "0.100s" }))).toBe("no answer within 0.100s");
  server.closeAllConnections();
  server.close();
  expect(await reasonOf(check())).toBe("ECONNREFUSED");
  const tcp = { name: "c", timeout: "5s", tcpCheck: { port } };
  expect(await reasonOf(tcp)).toBe("ECONNREFUSED");
});

test("a TCP check passes when somebody listens", async () => {
  const tcp = { name: "c", timeout: "5s", tcpCheck: { port } };
  expect((await ask(tcp, "127.0.0.1")).passed).toBe(true);
});

test.each([
  [[], 299, true],
  [[], 301, false],
  [[{ statusValue: 404 }], 404, true],
  [[{ statusClass: "STATUS_CLASS_3XX" }], 302, true],
  [[{ statusClass: "STATUS_CLASS_3XX" }], 200, false],
  [[{ statusClass: "STATUS_CLASS_ANY" }], 500, true],
])("%j accepts %i: %p", (accepted, status, is) => {
  expect(accepts(accepted, status)).toBe(is);
});

test.each([
  [{ content: "ell" }, true],
  [{ content: "ell", matcher: "NOT_CONTAINS_STRING" }, false],
  [{ content: "^.h", matcher: "MATCHES_REGEX" }, false],
  [{ content: "(", matcher: "MATCHES_REGEX" }, false],
  [{ content: "^.h", matcher: "NOT_MATCHES_REGEX" }, true],
])("the answer “hello” has %j: %p", (matcher, is) => {
  expect(matchesContent(matcher, "hello")).toBe(is);
});

test.each([
  ["$.a[0].b", '"c"', "EXACT_MATCH", true],
  ["$.a[0]['b']", "^c$", "REGEX_MATCH", true],
  ["$.a[1].b", '"c"', "EXACT_MATCH", false],
  ["$.n", "1", "EXACT_MATCH", true],
])("at %s is %s by %s: %p", (jsonPath, content, jsonMatcher, is) => {
  const matcher = {
    content,
    matcher: "MATCHES_JSON_PATH",
    jsonPathMatcher: { jsonPath, jsonMatcher },
  };
  expect(matchesContent(matcher, '{"a":[{"b":"c"}],"n":1}')).toBe(is);
});

test("stored checks run, and Prometheus reads what they found", async () => {
  answer = (_, response) => response.end("ok");
  const emulator = await startEmulator();
  const { body } = await emulator.call(
    "POST",
    "/v3/projects/marketing-stack-dev/uptimeCheckConfigs",
    {
      displayName: "front",
      timeout: "5s",
      monitoredResource: {
        type: "uptime_url",
        labels: { host: "127.0.0.1", project_id: "marketing-stack-dev" },
      },
      httpCheck: { port },
    },
  );
  const runner = runUptimeChecks(emulator.state);
  await waitFor("the first run", 10, async () => runner.latest(body.name));
  const id = body.name.split("/").at(-1);
  const labels = `check_id="${id}",host="127.0.0.1",checker_location="usa-oregon",project_id="marketing-stack-dev",namespace="dev"`;
  expect(await runner.metrics()).toContain(
    `monitoring_googleapis_com:uptime_check_check_passed{${labels}} 1`,
  );
  await emulator.call("DELETE", `/v3/${body.name}`);
  expect(await runner.metrics()).not.toContain(id);
  runner.end();
  emulator.remove();
});

test("each place asks in its turn, once in a period", async () => {
  jest.useFakeTimers({ doNotFake: ["setImmediate", "nextTick", "setTimeout", "performance"] });
  const emulator = await startEmulator();
  const runner = runUptimeChecks(emulator.state);
  try {
    let isUp = true;
    answer = (_, response) => response.writeHead(isUp ? 200 : 503).end();
    await emulator.call("POST", "/v3/projects/marketing-stack-dev/uptimeCheckConfigs", {
      displayName: "front",
      timeout: "5s",
      period: "60s",
      selectedRegions: ["USA", "EUROPE"],
      monitoredResource: {
        type: "uptime_url",
        labels: { host: "127.0.0.1", project_id: "marketing-stack-dev" },
      },
      httpCheck: { port },
    });
    const passed = async (): Promise<string[]> =>
      [
        ...(await runner.metrics()).matchAll(
          /check_passed\{.*checker_location="([^"]+)".*\} (\d)/g,
        ),
      ].map(([, place, value]) => `${place} ${value}`);
    /** What is known once `seconds` have gone by, which bring one run. */
    const after = async (seconds: number, expected: readonly string[]): Promise<void> => {
      jest.advanceTimersByTime(seconds * 1000);
      await waitFor(
        "the run",
        10,
        async () => (await passed()).join() === expected.join() || undefined,
      );
    };
    await after(1, ["usa-oregon 1"]);
    isUp = false;
    await after(15, ["usa-oregon 1", "eur-belgium 0"]);
    isUp = true;
    await after(15, ["usa-oregon 1", "eur-belgium 0", "usa-iowa 1"]);
    await after(15, ["usa-oregon 1", "eur-belgium 0", "usa-iowa 1", "usa-virginia 1"]);
    isUp = false;
    await after(15, ["eur-belgium 0", "usa-iowa 1", "usa-virginia 1", "usa-oregon 0"]);
  } finally {
    runner.end();
    emulator.remove();
    jest.useRealTimers();
  }
});
