import { execFileSync } from "node:child_process";
import { deathsIn, scriptsOf } from "../../../local/supervisor/scripts.ts";
import { listening, type Service } from "../../../local/supervisor/service.ts";

const service: Service = {
  name: "etcd",
  needs: [listening("127.0.0.1", 17_001)],
  environment: { GOGC: "50" },
  files: { "/config/etcd.json": "{}" },
  command: ["/usr/bin/etcd", "--name=it's", "--data-dir=/a b"],
};
const options = { program: "1 2", logFolder: "/logs/etcd" };

test("the run script waits, exports, and becomes the process", () => {
  const { run, digest } = scriptsOf(service, options);
  expect(run).toBe(`#!/bin/bash
exec 2>&1
# Roots of containers are made with this; the folder of all the state is 0700.
umask 022
echo ${digest} >applied
until (exec 3<>/dev/tcp/127.0.0.1/17001) 2>/dev/null; do sleep 0.1; done
export GOGC='50'
exec setpriv --pdeathsig KILL -- '/usr/bin/etcd' '--name=it'\\''s' '--data-dir=/a b'
`);
});

test("all scripts are valid shell", () => {
  const { run, finish, logRun } = scriptsOf(service, options);
  for (const script of [run, finish, logRun]) execFileSync("bash", ["-n"], { input: script });
});

test.each([
  ["its command", { ...service, command: ["/usr/bin/etcd"] as const }, options],
  ["a file", { ...service, files: { "/config/etcd.json": "{ }" } }, options],
  ["its environment", { ...service, environment: {} }, options],
  ["its program", service, { ...options, program: "1 3" }],
])("the digest changes with %s", (_, changed, its) => {
  expect(scriptsOf(changed, its).digest).not.toBe(scriptsOf(service, options).digest);
});

test("deaths are read with exit code or signal, half a line is left out", () => {
  expect(deathsIn("1795447943 1 0\n1795447950 -1 9\n17954")).toEqual([
    { at: 1_795_447_943_000, reason: "exit code 1" },
    { at: 1_795_447_950_000, reason: "signal 9" },
  ]);
});
