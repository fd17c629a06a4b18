import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { statePath } from "../../../local/paths.ts";
import { derived, found, foundBelow, plantedSecrets, type Canaries } from "./canaries.ts";
import { copyOfClone } from "../changed-clone.ts";
import { npmRun, runProcess, type CommandRun } from "../command.ts";
import { npmRunWithFilesOf } from "../in-place.ts";
import { configure, kubectl, pulumi, removeStack, succeeded } from "../stack.ts";

const NAME = "test-canaries";
const MINUTE = 60_000;

/** CANARY_SEED repeats a run with the same planted secrets. */
const seed = process.env.CANARY_SEED ?? randomBytes(8).toString("hex");
const planted = plantedSecrets(seed);

/** Everything that makes Pulumi, the SDK or a provider write down more, as a user would set it. */
function loud(folder: string): Record<string, string> {
  return {
    PULUMI_OPTION_VERBOSE: "10",
    PULUMI_OPTION_LOGTOSTDERR: "true",
    PULUMI_OPTION_LOGFLOW: "true",
    PULUMI_DEBUG_GRPC: join(folder, "grpc.json"),
    TF_LOG: "TRACE",
    TF_LOG_PATH: join(folder, "terraform.log"),
    GRPC_TRACE: "all",
    GRPC_VERBOSITY: "DEBUG",
    NODE_DEBUG: "http",
    TMPDIR: folder,
  };
}

/** 26 canaries: what was planted, what the stack generated, and what is made of both. */
async function plantedAndGenerated(): Promise<Canaries> {
  const secrets = await kubectl(`--namespace=${NAME}`, "get", "secrets", "--output=json");
  const data = Object.fromEntries(
    (
      JSON.parse(secrets) as {
        items: { metadata: { name: string }; data: Record<string, string> }[];
      }
    ).items.map(({ metadata, data: values }) => [
      metadata.name,
      Object.fromEntries(
        Object.entries(values).map(([key, value]) => [
          key,
          Buffer.from(value, "base64").toString(),
        ]),
      ),
    ]),
  ) as Record<string, Record<string, string>>;
  const { users } = parse(readFileSync(join(statePath, "kubeconfig"), "utf8")) as {
    users: { user: { "client-key-data": string } }[];
  };
  const { database, cms, collector } = data as Record<
    "database" | "cms" | "collector",
    Record<string, string>
  >;
  const superuser = database.POSTGRES_PASSWORD!;
  const admin = cms.ADMIN_PASSWORD!;
  const [source] = Object.values(JSON.parse(collector.SOURCES!) as Record<string, object>);
  return {
    "webhook of the configuration": planted.webhook,
    "webhook in base64": derived.base64(planted.webhook),
    "webhook's SHA-256": derived.sha256(planted.webhook),
    "beginning of the webhook's SHA-256": derived.prefix(planted.webhook),
    "token of the configuration": planted.token,
    "token in base64": derived.base64(planted.token),
    "token in a URL": derived.url(planted.token),
    "token in JSON": derived.json(planted.token),
    "part of a secret object": planted.inner,
    "line of a secret of several lines": planted.lines.split("\n")[1]!,
    "superuser's password": superuser,
    "superuser's password in base64": derived.base64(superuser),
    "superuser's password's SHA-256": derived.sha256(superuser),
    "CMS's password of the database": database.CMS_PASSWORD!,
    "reader's password of the database": database.READER_PASSWORD!,
    "CMS's URL of the database": cms.DATABASE_URL!,
    "CMS's URL of the database in base64": derived.base64(cms.DATABASE_URL!),
    "administrator's password": admin,
    "beginning of the administrator's password's SHA-256": derived.prefix(admin),
    "worker's token of the CMS": cms.WORKER_API_TOKEN!,
    "releases' token of the CMS": cms.CONTENT_API_TOKEN!,
    "webhook's token": cms.WEBHOOK_TOKEN!,
    "CMS's encryption key": cms.ENCRYPTION_KEY!,
    "collector's sources in JSON": JSON.stringify(source),
    "collector's sources in base64": derived.base64(collector.SOURCES!),
    "administrator's key of the cluster": users[0]!.user["client-key-data"],
  };
}

/** Folders into which a run writes, but for the file that hands the credentials over. */
function leftBy(folder: string, canaries: Canaries, since: number): string[] {
  const cache = process.env.XDG_CACHE_HOME || join(homedir(), ".cache");
  return [
    ...foundBelow(canaries, folder),
    ...foundBelow(canaries, join(statePath, "stacks", NAME)),
    ...foundBelow(canaries, join(statePath, "pulumi"), since),
    ...foundBelow(canaries, join(statePath, "logs"), since),
    ...foundBelow(canaries, join(cache, "marketing-stack", "pulumi"), since),
  ].filter((place) => !place.endsWith(`${NAME}/credentials.json`));
}

describe(`at log level 10, with canaries of CANARY_SEED=${seed}`, () => {
  const since = Date.now();
  let folder: string;
  let canaries: Canaries;
  const said: [string, string][] = [];

  /** Runs a command with every log on, and keeps what it says. */
  async function run(name: string, ...args: string[]): Promise<CommandRun> {
    const ended = await npmRun(name, ["--stack", NAME, ...args], loud(folder));
    said.push([`what ${name} says`, ended.stdout + ended.stderr]);
    return ended;
  }

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "canaries-"));
    configure(NAME, { portBase: 30560 });
    await pulumi(["stack", "select", "--create", NAME]);
    const set = (key: string, value: string, ...flags: string[]): Promise<CommandRun> =>
      // Before "--": a value may begin like a flag.
      runProcess("pulumi", [
        ...["config", "set", "--secret", ...flags, "--stack", NAME, "--non-interactive"],
        ...["--", key, value],
      ]);
    succeeded(await set("chatWebhookUrl", planted.webhook));
    succeeded(await set("canary:token", planted.token));
    succeeded(await set("canary:object.inner", planted.inner, "--path"));
    succeeded(await set("canary:lines", planted.lines));
    succeeded(await run("preview", "--out", join(folder, "first")));
    succeeded(await run("up"));
    canaries = await plantedAndGenerated();
  }, 20 * MINUTE);
  afterAll(async () => {
    await removeStack(NAME);
    rmSync(folder, { recursive: true, force: true });
  });

  test("there are 26 canaries, all different and long enough to be nothing else", () => {
    const values = Object.values(canaries);
    expect(new Set(values).size).toBe(26);
    expect(values.filter((value) => value.length < 12)).toEqual([]);
  });

  test(
    "preview, up and drift leave none of them, in no file and in nothing they say",
    async () => {
      await kubectl(`--namespace=${NAME}`, "scale", "deployment/worker", "--replicas=2");
      expect((await run("drift", "--out", join(folder, "drift"))).code).toBe(2);
      succeeded(await run("preview", "--out", join(folder, "second")));
      succeeded(await run("up", "--approved", join(folder, "second", "digest.json")));
      expect(said.flatMap(([place, text]) => found(canaries, place, text))).toEqual([]);
      expect(leftBy(folder, canaries, since)).toEqual([]);
    },
    10 * MINUTE,
  );

  test(
    "a program that fails with secrets in its message leaves none of them",
    async () => {
      const copy = await copyOfClone([`Pulumi.${NAME}.yaml`]);
      try {
        copy.append(
          "infra/worker.ts",
          `
export function tell(url: pulumi.Output<string>): void {
  url.apply((text) => {
    const config = process.env.PULUMI_CONFIG;
    throw new Error(\`cannot reach \${text}, \${btoa(text)} with \${config}\`);
  });
}
`,
        );
        copy.replace(
          "infra/worker.ts",
          "    this.registerOutputs({});",
          "    tell(pulumi.output(args.databaseUrl.value));\n    this.registerOutputs({});",
        );
        for (const [name, ...args] of [
          ["preview", "--out", join(folder, "failed")],
          ["up"],
        ] as const) {
          const ended = await npmRunWithFilesOf(
            copy.path,
            name,
            ["--stack", NAME, ...args],
            loud(folder),
          );
          expect([name, ended.code]).toEqual([name, 1]);
          const text = ended.stdout + ended.stderr;
          expect(text).toMatch(/cannot reach \S*\[secret\]\S*, \[secret\] with/);
          expect(found(canaries, `what a failing ${name} says`, text)).toEqual([]);
        }
        expect(leftBy(folder, canaries, since)).toEqual([]);
      } finally {
        copy.remove();
      }
    },
    10 * MINUTE,
  );

  test("the search is not blind: plain Pulumi at that level tells several of them", async () => {
    const own = mkdtempSync(join(tmpdir(), "canaries-plain-"));
    try {
      const plain = await runProcess("pulumi", ["preview", "--non-interactive", "--stack", NAME], {
        environment: loud(own),
      });
      const places = [
        ...found(canaries, "output", plain.stdout + plain.stderr),
        ...foundBelow(canaries, own),
      ];
      expect(places.length).toBeGreaterThan(5);
    } finally {
      rmSync(own, { recursive: true, force: true });
    }
  });
});
