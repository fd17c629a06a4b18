import { scratch } from "./scratch.ts";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { requireGo, runGo } from "../../../local/toolchain/go.ts";

function compiler(name: string, script: string): string {
  const path = join(scratch, name);
  writeFileSync(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return path;
}

test.each(["go1.26", "go1.26.8", "go1.30rc1", "go2.0"])("%s is new enough", (version) => {
  const path = compiler("go", `echo ${version}`);
  expect(requireGo([path])).toEqual({ path, version });
});

test("an old Go on PATH does not hide a new one elsewhere", () => {
  const path = compiler("new", "echo go1.26.1");
  expect(requireGo([compiler("old", "echo go1.22.0"), path])).toEqual({
    path,
    version: "go1.26.1",
  });
});

test("fails when Go is too old, with both remedies", () => {
  const path = compiler("old", "echo go1.25.9");
  expect(() => requireGo([path])).toThrow(
    `go must be 1.26 or newer to build the toolchain, got go1.25.9 (${path}); install Go 1.26, or set TOOLCHAIN_MIRROR to a folder or URL that "npm run toolchain -- --export DIR" filled`,
  );
});

test("fails when there is no Go", () => {
  expect(() => requireGo([join(scratch, "none")])).toThrow("got none; install Go 1.26");
});

test("a run sees the build's environment and returns what Go prints", async () => {
  const path = compiler("go", 'echo "$CGO_ENABLED $GOTOOLCHAIN $GOTMPDIR $1"; echo line >&2');
  const lines: string[] = [];
  const printed = await runGo(
    { path, version: "go1.26" },
    {
      folder: scratch,
      arguments: ["version"],
      temporary: "/tmp/x",
      onLine: (line) => lines.push(line),
    },
  );
  expect(printed).toBe("0 local /tmp/x version\n");
  expect(lines).toEqual(["line"]);
});

test("fails with Go's last lines when Go fails", async () => {
  const path = compiler("go", "echo first >&2; seq 30 >&2; exit 2");
  const run = {
    folder: scratch,
    arguments: ["build"],
    temporary: scratch,
    onLine: () => undefined,
  };
  const failure = runGo({ path, version: "go1.26" }, run);
  await expect(failure).rejects.toThrow(
    /^go build must succeed, got status 2; .*:\n11\n(.*\n)*30$/,
  );
});
