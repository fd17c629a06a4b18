import { join } from "node:path";
import { Analytics } from "@segment/analytics-node";
import type { History } from "../../commands/ledger/history.ts";
import { readVerification } from "../../commands/releases/verification.ts";
import { waitFor } from "../../local/wait.ts";
import { readRelease } from "../../stacks/releases.ts";
import { draftPage, logIn, publicPages, publishPage } from "./cms.ts";
import { copyOfClone } from "./changed-clone.ts";
import { npmRun, runProcess } from "./command.ts";
import { npmRunWithFilesOf, withFilesOf } from "./in-place.ts";
import { startRegistry } from "./registry.ts";
import {
  configure,
  describeStack,
  kubectl,
  query,
  removeStack,
  succeeded,
  type TestStack,
} from "./stack.ts";

const BUILT = "test-released";
const NAME = "rehearsal-e2e";
const MINUTE = 60_000;

/** What the rehearsal runs with: prod's program and replicas, on this machine. */
const rehearsed = {
  portBase: 30610,
  previousEnvironment: BUILT,
  // Nobody visits it; rollout.test.ts has gates.
  gates: [],
  gateSoakSeconds: 1,
  cmsReplicas: 2,
  collectorReplicas: 2,
  workerReplicas: 2,
};

// A release's way in order: built, sealed, promoted, deployed. Each test stands on the ones before it.
describe("a rehearsal of prod beside the stack that built it", () => {
  let built: { remove(): void };
  let copy: Awaited<ReturnType<typeof copyOfClone>>;
  let release: string;

  const inCopy = async (command: string, args: readonly string[]): Promise<string> =>
    succeeded(await npmRunWithFilesOf(copy.path, command, args));

  beforeAll(async () => {
    built = configure(BUILT, { portBase: 30620 });
    succeeded(await npmRun("up", ["--stack", BUILT]));
    // Releases are sealed from what is committed, and written into the clone: both happen in a copy.
    copy = await copyOfClone([`Pulumi.${BUILT}.yaml`]);
    configure(NAME, rehearsed, copy.path);
    await copy.commit("Everything");
  }, 15 * MINUTE);

  afterAll(async () => {
    for (const stack of [NAME, BUILT]) await removeStack(stack, copy.path);
    built.remove();
    copy.remove();
  }, 10 * MINUTE);

  test("the same inputs are sealed as the same release", async () => {
    const sealed = await inCopy("release", ["--stack", BUILT]);
    release = sealedIn(sealed);
    expect(await inCopy("release", ["--stack", BUILT])).toBe(sealed);
  });

  test("promote refuses a stack that builds its images", async () => {
    const run = await npmRun("promote", [release, "dev"]);
    expect([run.code, run.stderr]).toEqual([
      1,
      'error: stack must be one that runs releases, got "dev", which builds its images; use prod or rehearsal\n',
    ]);
  });

  test("promote copies the images into another registry, digest for digest", async () => {
    const registry = await startRegistry();
    try {
      const own = {
        platform: "kubeconfig",
        registry: registry.host,
        portBase: 30630,
        previousEnvironment: BUILT,
      };
      configure("rehearsal-copied", own, copy.path);
      await inCopy("promote", [release, "rehearsal-copied"]);
      const { images } = readRelease(release, join(copy.path, "releases"));
      for (const image of Object.values(images)) {
        const [repository, digest] = image.split("@");
        const answer = await fetch(`http://${registry.host}/v2/${repository}/manifests/${digest}`, {
          headers: { accept: "application/vnd.docker.distribution.manifest.v2+json" },
        });
        expect([image, answer.status]).toEqual([image, 200]);
      }
    } finally {
      await registry.stop();
    }
  });

  test("every pod runs the release's images, by digest", async () => {
    const promoted = await inCopy("promote", [release, NAME]);
    expect(promoted).toContain("The first release of this environment: everything is new.");
    await inCopy("up", ["--stack", NAME]);
    const images = await kubectl(
      `--namespace=${NAME}`,
      "get",
      "pods",
      "--field-selector=status.phase=Running",
      "--output=jsonpath={.items[*].spec.containers[*].image}",
    );
    const byService = images
      .split(" ")
      .map((image) => /([a-z]+)@sha256:[0-9a-f]{64}$/.exec(image)?.[1]);
    expect(byService.sort()).toEqual([
      "cms",
      "cms",
      "collector",
      "collector",
      "postgres",
      "worker",
      "worker",
    ]);
  });

  test("an event reaches its database and not the other's", async () => {
    const [rehearsal, other] = await Promise.all([describeStack(NAME), describeStack(BUILT)]);
    const analytics = new Analytics({
      writeKey: rehearsal.writeKeys.website!,
      host: rehearsal.urls.collector,
    });
    analytics.track({ anonymousId: "rehearsal", event: "Rehearsed", messageId: "rehearsed-1" });
    await analytics.closeAndFlush();
    const select = "select id from events.event where id = $1";
    await waitFor("the event in PostgreSQL", 30, async () => {
      const rows = await query(rehearsal.database, select, ["rehearsed-1"]);
      return rows.length > 0 || undefined;
    });
    expect(await query(other.database, select, ["rehearsed-1"])).toEqual([]);
  });

  test("a second up changes nothing", async () => {
    expect(await inCopy("up", ["--stack", NAME])).toContain("nothing had to change");
  });

  test("the environment verified the release, beside it", () => {
    const { environment, checks } = readVerification(
      { release, environment: NAME },
      join(copy.path, "releases"),
    )!;
    expect([environment, checks.map(({ name }) => name)]).toEqual([
      NAME,
      [
        "content is the release's",
        "pods are ready",
        "CMS serves published pages",
        "worker is ready",
        "an event is accepted",
        "alert policies are declared",
      ],
    ]);
  });

  test("fails to seal what was changed since it was verified", async () => {
    copy.append("alerts/runbooks/CmsDown.md", "\nAsk the editors first.\n");
    await copy.commit("Say whom to ask");
    const run = await npmRunWithFilesOf(copy.path, "release", ["--stack", BUILT]);
    expect([run.code, run.stderr]).toEqual([
      1,
      expect.stringContaining(
        `stack ${BUILT} must be verified with what is sealed, got files in this clone that were changed since; run npm run up -- --stack ${BUILT}`,
      ),
    ]);
  });

  test("the next release says what it brings, and rollback returns to the one before it, campaigns and content included", async () => {
    const [rehearsal, other] = await Promise.all([describeStack(NAME), describeStack(BUILT)]);
    const offers = { title: "Offers of the week", slug: "offers" };
    await publish(other, offers);
    await publish(rehearsal, { title: "Edited in the rehearsal", slug: "home" });
    const before = await purposeOf("welcome");
    copy.replace("campaigns/welcome.yaml", before, "Greet everybody who registers, at once.");
    await copy.commit("Greet at once");
    await inCopy("up", ["--stack", BUILT]);
    const next = sealedIn(await inCopy("release", ["--stack", BUILT]));
    const promoted = await inCopy("promote", [next, NAME]);
    expect(promoted).toMatch(
      /New content: page offers \(en\)\.\n {2}Changed: campaigns\.\n {2}Changed: alerts\.\n {2}\+ [0-9a-f]+ Greet at once\n {2}\+ [0-9a-f]+ Say whom to ask\n {2}M alerts\/runbooks\/CmsDown\.md\n {2}M campaigns\/welcome\.yaml\n/,
    );
    const deployed = await inCopy("up", ["--stack", NAME]);
    expect(deployed).toContain("page home (en) was edited here");
    expect(await purposeOf("welcome")).toBe("Greet everybody who registers, at once.");
    expect(await publicPages(rehearsal, "offers")).toMatchObject([offers]);
    const returned = await inCopy("rollback", [NAME, "--reason", "the editors do not answer"]);
    expect(returned).toContain(`Stack ${NAME} is back on release ${release}.`);
    // The clone still holds the other one.
    expect(await purposeOf("welcome")).toBe(before);
    expect(await publicPages(rehearsal, "offers")).toEqual([]);
    expect(await publicPages(rehearsal, "home")).toMatchObject([
      { title: "Edited in the rehearsal" },
    ]);
    const { entries } = JSON.parse(await inCopy("history", ["--stack", NAME, "--json"])) as History;
    expect(
      entries
        .filter(({ kind }) => kind !== "gate")
        .map(({ kind, subject, details, recorded }) => [
          kind,
          subject,
          details.outcome ?? details.reason ?? details.from,
          recorded,
        ]),
    ).toEqual([
      ["promotion", release, null, true],
      ["deploy", release, "succeeded", true],
      ["promotion", next, release, true],
      ["deploy", next, "succeeded", true],
      ["rollback", release, "the editors do not answer", true],
      ["deploy", release, "succeeded", true],
    ]);
  });

  test("fails to deploy other campaigns than the release's, also by plain pulumi", async () => {
    const up = ["pulumi", "up", "--yes", "--skip-preview", "--non-interactive", "--stack", NAME];
    const { program, args } = withFilesOf(copy.path, up);
    const run = await runProcess(program, args);
    expect(run.code).not.toBe(0);
    expect(run.stdout + run.stderr).toContain(
      "campaigns and alerts must be those of the release, got others in this folder; deploy with npm run up",
    );
  });
});

/** Publishes a page as an editor does, a new one or one that is there. */
async function publish(stack: TestStack, page: { title: string; slug: string }): Promise<void> {
  const token = await logIn(stack);
  const [known] = await publicPages(stack, page.slug);
  const id = known?.documentId ?? (await draftPage(stack, token, page));
  await publishPage(stack, token, id, page);
}

/** What a campaign is for, as the worker of the rehearsal has accepted it. */
function purposeOf(campaign: string): Promise<string> {
  return kubectl(
    `--namespace=${NAME}`,
    "get",
    `campaigns.marketing.stack/${campaign}`,
    "--output=jsonpath={.spec.purpose}",
  );
}

/** Id of the release that `release` has sealed. */
function sealedIn(output: string): string {
  return /Release ([0-9a-f]{16}) is sealed/.exec(output)![1]!;
}
