import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { waitFor } from "../../local/wait.ts";
import { startNotifying, type Notifying } from "./notifying.ts";

// Only Debian's Prometheus and Alertmanager, no cluster: the services are those of the platform, the pods are not.

const project = "marketing-stack-notified";
const secrets = ["token-in-the-url", "basic-password", "slack-token", "pagerduty-key"];

let stack: Notifying;

beforeAll(async () => {
  stack = await startNotifying("notified");
  stack.expose("broken 0\n");
});
afterAll(() => stack.end());

// eslint-disable-next-line @typescript-eslint/no-explicit-any
async function call(method: string, path: string, body?: object): Promise<any> {
  const answer = await fetch(`${stack.monitoring}${path}`, {
    method,
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const json = await answer.json();
  if (!answer.ok) throw new Error(JSON.stringify(json));
  return json;
}

async function createChannel(type: string, labels: Record<string, string>): Promise<string> {
  const channel = { type, labels };
  return (await call("POST", `/v3/projects/${project}/notificationChannels`, channel)).name;
}

async function createPolicy(
  alertRule: string,
  query: string,
  notificationChannels: readonly string[],
): Promise<string> {
  const { name } = await call("POST", `/v3/projects/${project}/alertPolicies`, {
    displayName: `tests/${alertRule}`,
    combiner: "OR",
    severity: "CRITICAL",
    documentation: { subject: `${alertRule} in \${metric.label.job}`, content: "Do {{ this }}." },
    notificationChannels,
    conditions: [
      { displayName: alertRule, conditionPrometheusQueryLanguage: { query, alertRule } },
    ],
  });
  return name;
}

interface Arrived {
  readonly via: string;
  readonly to: string;
  readonly status: string;
}

async function arrived(alert: string): Promise<Arrived[]> {
  const query = new URLSearchParams({ project, alert });
  const answer = await fetch(`${stack.receiver}/notifications?${query}`);
  const { notifications } = (await answer.json()) as { notifications: Arrived[] };
  return notifications.map(({ via, to, status }) => ({ via, to, status }));
}

async function incidents(): Promise<{ alert: string; closedAt: string | null }[]> {
  const found = await call("GET", `/incidents?project=${project}`);
  return found.incidents.map(({ alert, closedAt }: { alert: string; closedAt: string | null }) => ({
    alert,
    closedAt,
  }));
}

const ways = [
  { via: "email", to: "ops@example.com" },
  { via: "pagerduty", to: "" },
  { via: "slack", to: "#alerts" },
  { via: "webhook", to: "/webhook/basic" },
  { via: "webhook", to: "/webhook/token" },
];

function sorted(notifications: readonly Arrived[]): Arrived[] {
  return [...notifications].sort((a, b) => (a.via + a.to < b.via + b.to ? -1 : 1));
}

test("an alert arrives at each kind of channel once when it opens and once when it closes", async () => {
  const channels = await Promise.all([
    createChannel("email", { email_address: "ops@example.com" }),
    createChannel("slack", { channel_name: "#alerts", auth_token: "slack-token" }),
    createChannel("pagerduty", { service_key: "pagerduty-key" }),
    createChannel("webhook_tokenauth", {
      url: `${stack.receiver}/webhook/token?auth_token=token-in-the-url`,
    }),
    createChannel("webhook_basicauth", {
      url: `${stack.receiver}/webhook/basic`,
      username: "monitoring",
      password: "basic-password",
    }),
  ]);
  const absence = await createChannel("email", { email_address: "absence@example.com" });
  await createPolicy("Broken", "max(broken) > 0", channels);
  await createPolicy("Silent", 'absent(up{job="worker"} == 1)', [absence]);

  stack.expose("broken 1\n");
  await waitFor("notifications of the incident", 60, async () =>
    (await arrived("Broken")).length >= ways.length ? true : undefined,
  );
  expect(sorted(await arrived("Broken"))).toEqual(
    ways.map((way) => ({ ...way, status: "firing" })),
  );
  await waitFor("the incident", 15, async () => (await incidents())[0]);
  expect(await incidents()).toEqual([{ alert: "Broken", closedAt: null }]);
  await stack.kill("monitoring");
  await stack.start("monitoring");

  // Another project's pods still say so: they are nothing to this one.
  stack.expose("broken 0\n");
  await waitFor("notifications of the end", 60, async () =>
    (await arrived("Broken")).length >= 2 * ways.length ? true : undefined,
  );
  expect(sorted(await arrived("Broken")).filter(({ status }) => status === "resolved")).toEqual(
    ways.map((way) => ({ ...way, status: "resolved" })),
  );
});

test("no secret of a channel is in a log, a page, an answer, or a file that others can read", async () => {
  const status = await fetch(`${stack.alertmanager}/api/v2/status`);
  expect(status.status).toBe(401);
  const shown = [
    stack.output(),
    JSON.stringify(await call("GET", `/incidents?project=${project}`)),
    await (await fetch(`${stack.receiver}/notifications`)).text(),
  ].join("\n");
  const readable = readdirSync(stack.folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => (statSync(path).mode & 0o077) !== 0)
    .map((path) => readFileSync(path, "latin1"));
  for (const secret of secrets) {
    expect(shown).not.toContain(secret);
    expect(readable.some((content) => content.includes(secret))).toBe(false);
  }
});

test("a dead-man's switch fires when no metrics arrive, though nothing evaluates it then", async () => {
  expect(await arrived("Silent")).toEqual([]);
  await stack.kill("prometheus");
  await waitFor("the dead-man's switch", 300, async () => (await arrived("Silent"))[0]);
  expect(await incidents()).toEqual([
    { alert: "Silent", closedAt: null },
    { alert: "Broken", closedAt: expect.any(String) },
  ]);
  expect(await arrived("Silent")).toEqual([
    { via: "email", to: "absence@example.com", status: "firing" },
  ]);
  await stack.start("prometheus");
  await waitFor("the end of it", 90, async () => (await arrived("Silent"))[1]);
  expect((await arrived("Silent")).map(({ status }) => status)).toEqual(["firing", "resolved"]);
});
