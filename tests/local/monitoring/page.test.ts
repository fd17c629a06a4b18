import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { serve, type ServerType } from "@hono/node-server";
import type { Watch } from "../../../local/monitoring/incidents/watch.ts";
import { recordIncidents } from "../../../local/monitoring/incidents/log.ts";
import { policyState } from "../../../local/monitoring/page/policy-state.ts";
import type { AlertPolicy } from "../../../local/monitoring/rules/alert-policy.ts";
import { startEmulator, type Emulator } from "./emulator.ts";
import { promqlPolicy, thresholdPolicy } from "./policies.ts";

const PROJECT = "marketing-stack-dev";

const rules = new Map<string, Watch["rules"] extends ReadonlyMap<string, infer R> ? R : never>();
const watch: { rules: Watch["rules"]; silentSince: number | undefined } = {
  rules,
  silentSince: undefined,
};

let emulator: Emulator;
let policy: string;

beforeEach(async () => {
  rules.clear();
  watch.silentSince = undefined;
  emulator = await startEmulator({ watch });
  const { body: channel } = await emulator.call(
    "POST",
    `/v3/projects/${PROJECT}/notificationChannels`,
    {
      type: "webhook_tokenauth",
      displayName: "On <call>",
      labels: { url: "http://example.com/?auth_token=hunter2" },
    },
  );
  const given = { ...promqlPolicy(), notificationChannels: [channel.name] };
  const { body } = await emulator.call("POST", `/v3/projects/${PROJECT}/alertPolicies`, given);
  policy = body.name;
});
afterEach(() => emulator.remove());

const alert = {
  alert: "CmsDown",
  labels: { severity: "critical", job: "<cms>" },
  state: "firing",
  value: "0",
  summary: "No CMS pod answers.",
} as const;

async function fire(): Promise<void> {
  const active = { ...alert, policy };
  rules.set(policy, { policy, project: PROJECT, evaluatedAt: 1, error: "", alerts: [active] });
  const observation = {
    alerts: [active],
    evaluated: new Set([policy]),
    policies: new Set([policy]),
  };
  await recordIncidents(emulator.state, emulator.state.read(`projects/${PROJECT}`), observation);
}

test("a real browser shows policies, their state, incidents, checks and their history", async () => {
  await fire();
  const closing = { alerts: [], evaluated: new Set([policy]), policies: new Set([policy]) };
  await recordIncidents(emulator.state, emulator.state.read(`projects/${PROJECT}`), closing);
  await fire();
  await emulator.call("POST", `/v3/projects/${PROJECT}/uptimeCheckConfigs`, {
    displayName: "front",
    timeout: "5s",
    monitoredResource: { type: "uptime_url", labels: { host: "example.com", project_id: PROJECT } },
    httpCheck: {},
  });
  const rows = await rowsInBrowser();
  expect(rows).toEqual([
    `Open incidents of ${PROJECT}`,
    expect.stringMatching(
      /^CmsDown\|critical\|No CMS pod answers\.\|severity=critical job=<cms>\|0\|20.* UTC$/,
    ),
    `Policies of ${PROJECT}`,
    "services/CmsDown|critical|firing|On <call> (webhook_tokenauth)",
    `Uptime checks of ${PROJECT}`,
    "front|example.com|waiting for its first run",
    `Closed incidents of ${PROJECT}`,
    expect.stringMatching(
      /^CmsDown\|critical\|severity=critical job=<cms>\|20.* UTC\|20.* UTC\|the condition no longer holds$/,
    ),
  ]);
});

/** Captions and rows of the page's tables, as Debian's Chromium builds them: cells joined by a bar. */
async function rowsInBrowser(): Promise<string[]> {
  const profile = mkdtempSync(join(tmpdir(), "page-"));
  let server: ServerType | undefined;
  try {
    const port = await new Promise<number>((listening) => {
      server = serve(
        { fetch: emulator.app.fetch, hostname: "127.0.0.1", port: 0 },
        (address: AddressInfo) => listening(address.port),
      );
    });
    const { stdout } = await promisify(execFile)(
      "chromium",
      ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"].concat(
        `--user-data-dir=${profile}`,
        "--dump-dom",
        `http://127.0.0.1:${port}/`,
      ),
      { timeout: 60_000 },
    );
    return [...stdout.matchAll(/<caption>([^]*?)<\/caption>|<tr>([^]*?)<\/tr>/g)]
      .map(([, caption, row]) => caption ?? row!.split("</td>").slice(0, -1).join("|"))
      .filter((text) => text !== "")
      .map((text) =>
        text
          .replace(/<[^>]*>/g, "")
          .replace(/\s+/g, " ")
          .replace(/ ?\| ?/g, "|")
          .replaceAll("&lt;", "<")
          .replaceAll("&gt;", ">")
          .trim(),
      );
  } finally {
    server?.close();
    rmSync(profile, { recursive: true, force: true });
  }
}

test("the page holds no secret, runs no script and loads nothing", async () => {
  await fire();
  const answer = await emulator.app.request("/");
  expect(await answer.text()).not.toMatch(/hunter2|auth_token|<script/);
  expect(answer.headers.get("content-security-policy")).toMatch(
    /^default-src 'none'; style-src 'sha256-[^']+'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'$/,
  );
});

test("the page says when Prometheus does not evaluate", async () => {
  watch.silentSince = Date.parse("2026-01-02T03:04:05Z");
  const text = await (await emulator.app.request("/")).text();
  expect(text).toContain("Prometheus has not evaluated since 2026-01-02T03:04:05.000Z.");
});

test("a policy's state is the worst that Prometheus says of its series", () => {
  const stored = { ...promqlPolicy(), name: "p" } as AlertPolicy;
  const seen = (changes: object, given: AlertPolicy = stored): string => {
    const rule = { policy: "p", project: "x", evaluatedAt: 1, error: "", alerts: [], ...changes };
    const { word, detail } = policyState(given, "x", {
      rules: new Map([["p", rule]]),
      silentSince: undefined,
    });
    return `${word} ${detail}`.trim();
  };
  const firing = { ...alert, policy: "p" };
  const pending = { ...firing, state: "pending" };
  expect([
    seen({}),
    seen({ alerts: [pending] }),
    seen({ alerts: [pending, firing, firing] }),
    seen({ evaluatedAt: 0 }),
    seen({ error: "many-to-many matching" }),
    seen({}, { ...stored, enabled: false }),
    seen({}, thresholdPolicy() as AlertPolicy),
    policyState(stored, "x", undefined).word,
    policyState(stored, "x", { rules: new Map(), silentSince: 1 }).word,
  ]).toEqual([
    "ok",
    "pending",
    "firing 2 series",
    "waiting for its first evaluation",
    "failing many-to-many matching",
    "off",
    "not evaluated only conditions in PromQL are",
    "not evaluated",
    "unknown",
  ]);
});
