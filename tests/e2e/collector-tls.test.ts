import { readFileSync } from "node:fs";
import { join } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { Analytics } from "@segment/analytics-node";
import { waitFor } from "../../local/wait.ts";
import { madeCertificate, type MadeCertificate } from "../made-certificate.ts";
import { PAGES } from "../services/collector/browser/pages.ts";
import { visit } from "../services/collector/browser/site.ts";
import { serialNumberAt } from "../shown-certificate.ts";
import { clone, npmRun, runProcess } from "./command.ts";
import { bringUpPlainStack, PLAIN_STACK } from "./plain-stack.ts";
import { describeStack, kubectl, query, succeeded, type TestStack } from "./stack.ts";

const PORT = 30_744;
const COLLECTOR = `https://127.0.0.1:${PORT}`;
const MINUTE = 60_000;

/** Has the collector speak TLS by a certificate, as an operator does it. */
async function certify({ certificate, key }: MadeCertificate): Promise<void> {
  for (const [field, value, ...flags] of [
    ["certificate", certificate],
    ["key", key, "--secret"],
    ["port", String(PORT)],
  ] as const) {
    const set = ["config", "set", "--path", ...flags, `marketing-stack:collectorTls.${field}`];
    const on = ["--stack", PLAIN_STACK, "--non-interactive"];
    succeeded(await runProcess("pulumi", [...set, ...on], { input: value }));
  }
  succeeded(await npmRun("up", ["--stack", PLAIN_STACK]));
}

/** Who the collector's pods are, and how often they were restarted. */
function pods(): Promise<string> {
  return kubectl(
    `--namespace=${PLAIN_STACK}`,
    "get",
    "pods",
    "--selector=app.kubernetes.io/name=collector",
    "--output=jsonpath={range .items[*]}{.metadata.uid} {.status.containerStatuses[*].restartCount} {end}",
  );
}

// Each test stands on the ones before it.
describe("a stack whose collector speaks TLS itself", () => {
  const [first, renewed] = [madeCertificate(), madeCertificate()];
  let stack: TestStack;

  /** Waits until the event log has an event. */
  async function stored(dialect: string, name: string): Promise<Record<string, unknown>> {
    return waitFor(`${name} of ${dialect} in the event log`, 40, async () =>
      (
        await query(stack.database, "select * from events.event where dialect = $1 and name = $2", [
          dialect,
          name,
        ])
      ).at(0),
    );
  }

  beforeAll(async () => {
    await bringUpPlainStack();
    await certify(first);
    stack = await describeStack(PLAIN_STACK);
  }, 15 * MINUTE);

  test("its key is in no file of the stack as it is", () => {
    const file = readFileSync(join(clone, `Pulumi.${PLAIN_STACK}.yaml`), "utf8");
    const [begin, line] = first.key.split("\n");
    expect(file).toContain("BEGIN CERTIFICATE");
    expect(file).not.toContain(begin);
    expect(file).not.toContain(line);
  });

  test("what mParticle's web SDK says in Chromium is in the event log, also what it says while the page is left", async () => {
    await visit({
      script: PAGES.mparticle!,
      collectorUrl: COLLECTOR,
      writeKey: stack.writeKeys.website!,
      certificate: first.certificate,
      seen: async (leave) => {
        await stored("mparticle", "Order Completed");
        leave();
        await stored("mparticle", "Left");
      },
    });
    expect(await stored("mparticle", "Order Completed")).toMatchObject({
      user_id: "user-1",
      consent: ["analytics"],
      properties: { revenue: 12.5 },
    });
  });

  test("what Segment's SDK for Node.js says to who it trusts is in the event log", async () => {
    setDefaultCACertificates([...getCACertificates(), first.certificate]);
    const analytics = new Analytics({ writeKey: stack.writeKeys.website!, host: COLLECTOR });
    const failed: unknown[] = [];
    analytics.on("error", (error) => failed.push(error));
    const consent = { categoryPreferences: { analytics: true } };
    analytics.track({ userId: "user-1", event: "Told by TLS", context: { consent } as never });
    await analytics.closeAndFlush();
    expect(failed).toEqual([]);
    expect(await stored("segment", "Told by TLS")).toMatchObject({ user_id: "user-1" });
  });

  test(
    "a renewed certificate is shown by the pods that showed the one before",
    async () => {
      expect(await serialNumberAt(PORT)).toBe(first.serialNumber);
      const before = await pods();
      await certify(renewed);
      // Kubernetes takes a minute or two to bring it to the pods.
      await waitFor("the renewed certificate", 180, async () =>
        (await serialNumberAt(PORT)) === renewed.serialNumber ? true : undefined,
      );
      expect(await pods()).toBe(before);
      expect(before).toMatch(/^\S+ 0 $/);
    },
    10 * MINUTE,
  );

  test("up takes it away when it is declared no more", async () => {
    await bringUpPlainStack();
    await waitFor("nothing to answer there", 30, () =>
      serialNumberAt(PORT).then(
        () => undefined,
        () => true,
      ),
    );
  });
});
