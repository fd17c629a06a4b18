import { statSync } from "node:fs";
import { join } from "node:path";
import { AlertPolicyServiceClient } from "@google-cloud/monitoring";
import { Analytics } from "@segment/analytics-node";
import type { EngineEvent } from "@pulumi/pulumi/automation/events.js";
import { runPulumi } from "../../../commands/engine/pulumi.ts";
import { statePath } from "../../../local/paths.ts";
import { readPlatform, type Platform } from "../../../local/platform.ts";
import { waitFor } from "../../../local/wait.ts";
import { catalogue } from "../catalogue.ts";
import { copyOfClone } from "../changed-clone.ts";
import { startChat } from "../chat.ts";
import { draftPage, logIn, publicPages, publishPage, uploadPdf } from "../cms.ts";
import { npmRun } from "../command.ts";
import { monitoredOf } from "../monitored.ts";
import {
  configure,
  describeStack,
  killContainer,
  kubectl,
  pulumi,
  query,
  removeStack,
  succeeded,
  type TestStack,
} from "../stack.ts";

const NAME = "test-lifecycle";
const MINUTE = 60_000;
const project = `marketing-stack-${NAME}`;
const scheduled = { title: "Scheduled page", slug: "scheduled-page" };

// One stack's life in order: up, what runs on it, a change, destroy. Each test stands on the ones before it.
describe("a stack from up to destroy", () => {
  let stack: TestStack;
  let chat: Awaited<ReturnType<typeof startChat>>;
  let platform: Platform;

  beforeAll(async () => {
    platform = await readPlatform();
    chat = await startChat(platform.nodeAddress);
    configure(NAME, { portBase: 30200, sources: ["website"] });
    await pulumi(["stack", "select", "--create", NAME]);
    await pulumi(["config", "set", "--secret", "chatWebhookUrl", chat.url, "--stack", NAME]);
  });

  afterAll(async () => {
    await removeStack(NAME);
    await chat.stop();
  });

  test(
    "up proves the stack and prints where everything is, but no secret",
    async () => {
      const run = await npmRun("up", ["--stack", NAME]);
      succeeded(run);
      expect(run.stderr).toContain(`✓ pulumi up --stack ${NAME}`);
      stack = await describeStack(NAME);
      expect(run.stdout).toContain(stack.urls.collector);
      expect(run.stdout).toContain(stack.admin.email);
      const printed = run.stdout + run.stderr;
      for (const secret of [stack.admin.password, ...Object.values(stack.writeKeys)]) {
        expect(printed).not.toContain(secret);
      }
    },
    30 * MINUTE,
  );

  test("credentials and state are readable by their owner only", () => {
    for (const path of [
      join("stacks", NAME, "credentials.json"),
      "env",
      "kubeconfig",
      "platform.json",
    ]) {
      expect([path, statSync(join(statePath, path)).mode & 0o077]).toEqual([path, 0]);
    }
    expect(statSync(statePath).mode & 0o077).toBe(0);
  });

  test("a preview of the deployed stack expects no changes", async () => {
    const run = await pulumi(["preview", "--expect-no-changes", "--stack", NAME]);
    succeeded(run);
  });

  test("a second up changes nothing and says so", async () => {
    const run = await npmRun("up", ["--stack", NAME]);
    expect(run.code).toBe(0);
    expect(run.stdout).toContain("nothing had to change");
  });

  test("the alert policies are listed to Google's own client exactly as declared", async () => {
    const { hostname, port } = new URL(stack.urls.monitoring);
    const client = new AlertPolicyServiceClient({
      fallback: true,
      protocol: "http",
      apiEndpoint: hostname,
      port: Number(port),
      authClient: anonymous(),
    } as unknown as ConstructorParameters<typeof AlertPolicyServiceClient>[0]);
    const [policies] = await client.listAlertPolicies({ name: `projects/${project}` });
    const listed = policies.map((policy) => ({
      name: policy.conditions?.[0]?.conditionPrometheusQueryLanguage?.alertRule,
      query: policy.conditions?.[0]?.conditionPrometheusQueryLanguage?.query,
      seconds: Number(
        policy.conditions?.[0]?.conditionPrometheusQueryLanguage?.duration?.seconds ?? 0,
      ),
      severity: String(policy.severity),
      channels: policy.notificationChannels?.length,
    }));
    expect(listed.sort((a, b) => String(a.name).localeCompare(String(b.name)))).toEqual(
      catalogue(),
    );
  });

  test("1,000 events of the official SDK are stored once each though the collector is killed midway", async () => {
    const analytics = new Analytics({
      writeKey: stack.writeKeys.website!,
      host: stack.urls.collector,
      flushAt: 20,
      flushInterval: 100,
      maxRetries: 20,
    });
    const killed: Promise<unknown>[] = [];
    for (let index = 0; index < 1000; index += 1) {
      analytics.track({
        anonymousId: `visitor-${index % 50}`,
        event: "Lifecycle",
        messageId: `lifecycle-${index}`,
        properties: { index },
        context: { consent: { categoryPreferences: { analytics: true } } } as never,
      });
      if (index === 300) killed.push(killContainer(NAME, "collector-0"));
      if (index === 600) {
        const now = ["--grace-period=0", "--force"];
        killed.push(kubectl(`--namespace=${NAME}`, "delete", "pod", "collector-0", ...now));
      }
      // A steady stream, so that the kills come in the middle of it.
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await Promise.all(killed);
    // By default it gives up after 75 s, while it may wait a minute before it tries again.
    await analytics.closeAndFlush({ timeout: 3 * MINUTE });
    const counted = async (): Promise<{ rows: number; ids: number }> =>
      (
        await query<{ rows: number; ids: number }>(
          stack.database,
          "select count(*)::int as rows, count(distinct id)::int as ids from events.event where name = 'Lifecycle'",
        )
      )[0]!;
    await waitFor("1,000 events in PostgreSQL", 120, async () =>
      (await counted()).rows >= 1000 ? true : undefined,
    );
    expect(await counted()).toEqual({ rows: 1000, ids: 1000 });
    await waitFor("the collector's readiness", 60, async () =>
      (await fetch(new URL("/healthz/ready", stack.urls.collector))).ok ? true : undefined,
    );
  });

  test("an event without consent keeps id, type, name, source and times only", async () => {
    const answer = await fetch(new URL("/v1/track", stack.urls.collector), {
      method: "POST",
      headers: { authorization: `Basic ${btoa(`${stack.writeKeys.website}:`)}` },
      body: JSON.stringify({
        type: "track",
        event: "No Consent",
        messageId: "no-consent-1",
        userId: "somebody",
        properties: { email: "somebody@example.com" },
      }),
    });
    expect(answer.status).toBe(200);
    const row = await waitFor("the event in PostgreSQL", 30, async () =>
      (
        await query<{ row: Record<string, unknown> }>(
          stack.database,
          "select to_jsonb(event) as row from events.event where id = 'no-consent-1'",
        )
      ).at(0),
    );
    expect(row.row).toMatchObject({ type: "track", name: "No Consent", source: "website" });
    expect(JSON.stringify(row.row)).not.toContain("somebody");
  });

  test("a malformed event is kept as a bad row with its reason", async () => {
    const answer = await fetch(new URL("/v1/track", stack.urls.collector), {
      method: "POST",
      headers: { authorization: `Basic ${btoa(`${stack.writeKeys.website}:`)}` },
      body: '{"type":"track","event":',
    });
    expect(answer.status).toBeLessThan(500);
    const bad = await waitFor("the bad row in PostgreSQL", 30, async () =>
      (await query<{ reason: string }>(stack.database, "select reason from events.bad_row")).at(0),
    );
    expect(bad.reason).toMatch(/JSON/i);
  });

  test("a file uploaded to the CMS is served by the pod that comes after the one that took it", async () => {
    const content = "%PDF-1.4\n% what an editor uploaded\n%%EOF\n";
    const path = await uploadPdf(stack, await logIn(stack), "lifecycle.pdf", content);
    const served = async (): Promise<string> => (await fetch(new URL(path, stack.urls.cms))).text();
    expect(await served()).toBe(content);
    // It returns when the pod is gone.
    await kubectl(`--namespace=${NAME}`, "delete", "pods", "--selector=app.kubernetes.io/name=cms");
    await waitFor("the uploaded file", 120, async () => (await served()) === content);
  });

  test("a page published in the CMS is served, in the ledger and told to the chat", async () => {
    const token = await logIn(stack);
    await draftPage(stack, token, { ...scheduled, publishAt: new Date().toISOString() });
    const page = { title: "Lifecycle page", slug: "lifecycle-page" };
    const id = await draftPage(stack, token, page);
    expect(await publicPages(stack, page.slug)).toEqual([]);
    await publishPage(stack, token, id, page);
    expect(await publicPages(stack, page.slug)).toEqual([expect.objectContaining(page)]);
    const rows = await waitFor("the publication in the ledger", 60, async () => {
      const found = await query<{ kind: string }>(
        stack.database,
        "select kind from ledger.change where details::text like '%' || $1 || '%'",
        [id],
      );
      return found.length > 0 ? found : undefined;
    });
    expect(rows).toHaveLength(1);
    await waitFor("the chat message", 60, async () =>
      chat.messages.some((text) => text.includes(page.slug) || text.includes(page.title))
        ? true
        : undefined,
    );
  });

  test("fails to write with the read-only login", async () => {
    await expect(query(stack.database, "delete from events.event")).rejects.toThrow(
      "permission denied",
    );
  });

  test("nobody reads a draft without a token", async () => {
    const answer = await fetch(new URL("/api/pages?status=draft", stack.urls.cms));
    expect(answer.status).toBe(403);
  });

  test("Prometheus scrapes every pod, and the counters are there", async () => {
    const value = async (expression: string): Promise<Record<string, number>> => {
      const url = new URL(
        `api/v1/query?${new URLSearchParams({ query: expression })}`,
        platform.prometheus,
      );
      const { data } = (await (await fetch(url)).json()) as {
        data: { result: { metric: Record<string, string>; value: [number, string] }[] };
      };
      return Object.fromEntries(
        data.result.map(({ metric, value }) => [metric.job, Number(value[1])]),
      );
    };
    const up = `sum by (job) (up{namespace="${NAME}"})`;
    await waitFor("all three services in Prometheus", 60, async () => {
      const found = await value(up);
      return found.cms === 1 && found.collector === 1 && found.worker === 1 ? true : undefined;
    });
    expect(await value(`sum by (job) (consent_violations_total{namespace="${NAME}"})`)).toEqual({
      worker: 0,
    });
    const events = `sum by (job) (collector_events_total{namespace="${NAME}",source="website"}) > 0`;
    await waitFor("the events of the tests above in Prometheus", 60, async () => {
      return "collector" in (await value(events)) ? true : undefined;
    });
  });

  test("fails to run a pod that asks for privileges in the stack's namespace", async () => {
    const pod = [
      "run",
      "intruder",
      "--image=example.invalid/any",
      "--privileged",
      "--dry-run=server",
    ];
    await expect(kubectl(`--namespace=${NAME}`, ...pod)).rejects.toThrow(
      /violates PodSecurity "restricted/,
    );
  });

  test("no secret of the stack appears in a preview with diffs or in the pods' logs", async () => {
    const preview = await pulumi(["preview", "--diff", "--show-sames", "--stack", NAME]);
    const logs = await Promise.all(
      ["cms", "collector", "worker", "database"].map((service) =>
        kubectl(
          `--namespace=${NAME}`,
          "logs",
          `--selector=app.kubernetes.io/name=${service}`,
          "--tail=-1",
        ),
      ),
    );
    const printed = [preview.stdout, preview.stderr, ...logs].join("\n");
    const secrets = await kubectl(`--namespace=${NAME}`, "get", "secrets", "--output=json");
    const values = (JSON.parse(secrets) as { items: { data?: Record<string, string> }[] }).items
      .flatMap((item) => Object.entries(item.data ?? {}))
      .filter(([key]) => key !== "ADMIN_EMAIL" && key !== "CHAT_WEBHOOK_URL")
      .map(([key, value]) => [key, Buffer.from(value, "base64").toString("utf8")] as const)
      .filter(([, value]) => value.length >= 12);
    expect(values.length).toBeGreaterThan(10);
    expect(values.filter(([, value]) => printed.includes(value)).map(([key]) => key)).toEqual([]);
  });

  test("editing one line of the collector changes exactly the image, its push and the workload, and the preview says so", async () => {
    const copy = await copyOfClone([`Pulumi.${NAME}.yaml`]);
    try {
      copy.append("services/collector/main.ts", '\nglobalThis.process.title = "collector";\n');
      const changes: string[] = [];
      const onEvent = ({ resourcePreEvent, resOutputsEvent }: EngineEvent): void => {
        const { op, urn } = (resourcePreEvent ?? resOutputsEvent)?.metadata ?? {};
        if (!op || op === "same" || op === "read") return;
        changes.push(`${urn!.split("::")[2]!.split("$").at(-1)} ${urn!.split("::")[3]}`);
      };
      const environment = {};
      const preview = await runPulumi(["preview", "--stack", NAME], {
        environment,
        cwd: copy.path,
        onEvent,
      });
      succeeded(preview);
      const expected = [
        "docker:index/registryImage:RegistryImage collector-push",
        "docker:index/remoteImage:RemoteImage collector",
        `kubernetes:apps/v1:StatefulSet collector:${NAME}/collector`,
      ];
      expect([...new Set(changes)].sort()).toEqual(expected);

      changes.length = 0;
      const up = await runPulumi(["up", "--yes", "--skip-preview", "--stack", NAME], {
        environment,
        cwd: copy.path,
        onEvent,
      });
      succeeded(up);
      expect([...new Set(changes)].sort()).toEqual(expected);
    } finally {
      copy.remove();
    }
  });

  test("a page that was scheduled is published by the worker", async () => {
    await waitFor("the scheduled page", 90, async () =>
      (await publicPages(stack, scheduled.slug)).length > 0 ? true : undefined,
    );
  });

  test("destroy leaves nothing of the stack in the cluster or the emulator", async () => {
    const run = await pulumi(["destroy", "--yes", "--skip-preview", "--stack", NAME]);
    succeeded(run);
    expect(await kubectl("get", "namespaces", "--output=name")).not.toContain(
      `namespace/${NAME}\n`,
    );
    expect(await kubectl("get", "persistentvolumes", "--output=json")).not.toContain(`"${NAME}"`);
    expect(await monitoredOf(NAME)).toEqual([]);
    expect((await pulumi(["stack", "rm", "--yes", "--stack", NAME])).code).toBe(0);
  });
});

/** Credentials that add nothing to a request: the emulator asks for none. */
function anonymous(): unknown {
  return {
    getRequestHeaders: async () => new Headers(),
    getUniverseDomain: async () => "googleapis.com",
    fetch: (...args: Parameters<typeof fetch>) => fetch(...args),
  };
}
