import { randomBytes } from "node:crypto";
import { link, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { hash } from "bcryptjs";
import { statePath } from "../paths.ts";

/** Who may talk to Alertmanager. */
export interface Login {
  readonly user: string;
  readonly password: string;
  /** The password as Alertmanager keeps it. */
  readonly bcrypt: string;
}

/** Rounds of bcrypt: the least, because the password is random and every request is checked. */
const ROUNDS = 4;

/** The login of this machine's Alertmanager, made at the first call; callers at the same time get the same one. */
export async function alertmanagerLogin(path = loginPath): Promise<Login> {
  const kept = await readFile(path, "utf8").catch(() => undefined);
  if (kept) return JSON.parse(kept) as Login;
  const password = randomBytes(24).toString("base64url");
  const login = { user: "platform", password, bcrypt: await hash(password, ROUNDS) };
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await keepFirst(path, JSON.stringify(login));
  return JSON.parse(await readFile(path, "utf8")) as Login;
}

/** Writes a file whole, unless another caller has been first. */
async function keepFirst(path: string, content: string): Promise<void> {
  const own = `${path}.${randomBytes(6).toString("hex")}`;
  await writeFile(own, content, { mode: 0o600 });
  try {
    await link(own, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    await rm(own, { force: true });
  }
}

const loginPath = join(statePath, "config", "alertmanager-login.json");
