import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { alertmanagerLogin } from "../../../local/alertmanager/login.ts";

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "alertmanager-login-"));
});

afterEach(() => rm(directory, { recursive: true }));

test("callers at the same time on a fresh machine get one login", async () => {
  const path = join(directory, "config", "login.json");
  const logins = await Promise.all(Array.from({ length: 20 }, () => alertmanagerLogin(path)));
  expect(new Set(logins.map(({ password }) => password)).size).toBe(1);
  expect(await readdir(join(directory, "config"))).toEqual(["login.json"]);
});

test("a later call gets the login of the first", async () => {
  const path = join(directory, "login.json");
  expect(await alertmanagerLogin(path)).toEqual(await alertmanagerLogin(path));
});
