import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { State } from "../../../local/monitoring/state/state.ts";
import { startEmulator } from "./emulator.ts";
import { promqlPolicy } from "./policies.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "state-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const name = "projects/demo";

test("what is answered is on disk, and there after a restart", async () => {
  const before = await startEmulator({ folder });
  const { body } = await before.call("POST", `/v3/${name}/alertPolicies`, promqlPolicy());
  const after = await startEmulator({ folder });
  expect((await after.call("GET", `/v3/${body.name}`)).body).toEqual(body);
  expect((await after.call("GET", `/v3/${name}/alertPolicies`)).body.alertPolicies).toEqual([body]);
});

test("a project with nothing in it has no file", async () => {
  const emulator = await startEmulator({ folder });
  const { body } = await emulator.call("POST", `/v3/${name}/alertPolicies`, promqlPolicy());
  expect(readdirSync(folder)).toEqual(["demo.json"]);
  expect(statSync(join(folder, "demo.json")).mode & 0o777).toBe(0o600);
  await emulator.call("DELETE", `/v3/${body.name}`);
  expect(readdirSync(folder)).toEqual([]);
});

test.each([
  ["cut off", '{"version":1,"collections":{"alertPolicies":', /JSON/],
  ["empty", "", /JSON/],
  ["of another version", '{"version":2,"collections":{}}', /^version must be 1, got 2$/],
  ["of another shape", '{"version":1,"collections":{"alertPolicies":[]}}', /^collections must be/],
  ["no object", "null", /^version must be 1/],
])(
  "a file that is %s is set aside, reported and not overwritten",
  async (_how, content, reason) => {
    writeFileSync(join(folder, "demo.json"), content);
    writeFileSync(
      join(folder, "other.json"),
      '{"version":1,"collections":{"alertPolicies":{"a":{"name":"a"}}}}',
    );
    const emulator = await startEmulator({ folder });
    const { body: ready } = await emulator.call("GET", "/healthz/ready");
    expect(ready.setAside).toEqual([
      {
        path: expect.stringMatching(/demo\.json\.unreadable-\d+$/),
        reason: expect.stringMatching(reason),
      },
    ]);
    expect(await (await emulator.app.request("/metrics")).text()).toContain(
      "monitoring_emulator_files_set_aside 1",
    );

    await emulator.call("POST", `/v3/${name}/alertPolicies`, promqlPolicy());
    expect(readFileSync(ready.setAside[0].path, "utf8")).toBe(content);
    expect((await State.open(folder)).counts()).toEqual({ alertPolicies: 2 });
  },
);

test("a half-written file of an earlier life is not read", async () => {
  writeFileSync(join(folder, "demo.json.tmp"), "{");
  const state = await State.open(folder);
  expect(state.setAside).toEqual([]);
});

test("changes of one project happen one after the other", async () => {
  const state = await State.open(folder);
  await Promise.all(
    Array.from({ length: 20 }, (_, n) =>
      state.change(name, async (project) => {
        const seen = Object.keys(project.collection("kind")).length;
        await Promise.resolve();
        project.collection("kind")[`item ${n}`] = { seen };
      }),
    ),
  );
  const items = Object.values((await State.open(folder)).read(name).collection("kind"));
  expect(items.map(({ seen }) => seen)).toEqual(Array.from({ length: 20 }, (_, n) => n));
});

test("a change that fails leaves nothing behind, and does not stop the next one", async () => {
  const state = await State.open(folder);
  const failing = state.change(name, async (project) => {
    project.collection("kind")["a"] = {};
    throw new Error("refused");
  });
  const next = state.change(name, async (project) => Object.keys(project.collection("kind")));
  await expect(failing).rejects.toThrow("refused");
  expect(await next).toEqual([]);
});

test("fails with 503 where the state cannot be written, and keeps what was", async () => {
  const emulator = await startEmulator({ folder });
  rmSync(folder, { recursive: true });
  const { status, body } = await emulator.call("POST", `/v3/${name}/alertPolicies`, promqlPolicy());
  expect([status, body.error.status]).toEqual([503, "UNAVAILABLE"]);
  expect((await emulator.call("GET", `/v3/${name}/alertPolicies`)).body).toEqual({});
});
