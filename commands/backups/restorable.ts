import { createReadStream } from "node:fs";
import { isErasedBadRow } from "../erase/erased-bad-row.ts";
import type { NotedErasure } from "../erase/noted.ts";
import { dumpEnd } from "./dump-script.ts";
import { eraseAgainSql } from "./erase-again.ts";

/** Last line of what {@link restorable} makes: without it, something was cut off. */
export const restorableEnd = "-- This is all of the dump, and who was erased since.";

/**
 * A dump as a new server loads it before anybody can connect: without bad rows of people who were erased since, followed by what
 * erases them from everything else, and without passwords, so that no login of a role is good until the stack has given it its
 * present one.
 *
 * @param path of a dump by `npm run backup`.
 * @param erasures that were noted until now, oldest first.
 * @param name by which {@link restoredNameSql} tells that it was this one, without quotes.
 * @throws Error if the dump is not whole, or the erasures are not of the database that was dumped.
 */
export async function* restorable(
  path: string,
  erasures: readonly NotedErasure[],
  name: string,
): AsyncGenerator<Buffer> {
  const salts = new Set(erasures.map(({ salt }) => salt));
  if (salts.size > 1) throw otherSalt(path, `${salts.size} different ones`);
  let columns: readonly string[] | undefined;
  let table = "";
  let last: string[] = [];
  let isOfRoles = true;
  for await (const line of linesOf(path)) {
    if (columns) {
      if (line.equals(END_OF_ROWS)) columns = undefined;
      else if (table === "events.bad_row" && isErased(rowOf(line, columns), erasures)) continue;
      else if (table === "events.erasure_salt" && erasures.length > 0) {
        const salt = rowOf(line, columns).salt!.replace("\\\\x", "");
        if (!salts.has(salt)) throw otherSalt(path, "another one");
      }
      yield line;
      continue;
    }
    const statement = line.toString();
    last = [...last, statement].slice(-dumpEnd.length);
    const copy = /^COPY (\S+) \((.*)\) FROM stdin;\n$/.exec(statement);
    if (copy) [table, columns] = [copy[1]!, copy[2]!.split(", ")];
    if (statement.startsWith("\\connect ")) isOfRoles = false;
    const password = isOfRoles ? /^(ALTER ROLE .*) PASSWORD '[^']*'/.exec(statement) : null;
    yield password ? Buffer.from(`${password[1]}${statement.slice(password[0].length)}`) : line;
  }
  if (last.join("") !== dumpEnd.join("")) {
    throw new Error(
      `${path} must be a whole backup by npm run backup, got one that ends with ${JSON.stringify(last.at(-1) ?? "")}`,
    );
  }
  yield Buffer.from(
    `${eraseAgainSql(erasures)}COMMENT ON DATABASE marketing IS '${name}';\n${restorableEnd}\n`,
  );
}

/** SQL whose row is the name of what was restored last into a server; none, if nothing was. */
export const restoredNameSql =
  "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = 'marketing'";

const END_OF_ROWS = Buffer.from("\\.\n");

function otherSalt(path: string, found: string): Error {
  return new Error(
    `the erasures beside ${path} must have the salt of the database that was dumped, got ${found}; put the backup into a folder with the erasures of its own database`,
  );
}

/** A row of COPY, by column; as it is written there. */
function rowOf(line: Buffer, columns: readonly string[]): Readonly<Record<string, string>> {
  const values = line.toString().slice(0, -1).split("\t");
  return Object.fromEntries(columns.map((column, index) => [column, values[index]!]));
}

function isErased(
  { received_at: receivedAt, raw }: Readonly<Record<string, string>>,
  erasures: readonly NotedErasure[],
): boolean {
  const bytes = Buffer.from(raw!.replace("\\\\x", ""), "hex");
  return isErasedBadRow(new Date(receivedAt!), bytes, erasures);
}

/** Lines with their newline, as bytes: what else counts as one for JavaScript is in texts of people. */
async function* linesOf(path: string): AsyncGenerator<Buffer> {
  let begun: Buffer[] = [];
  for await (const chunk of createReadStream(path, { highWaterMark: 2 ** 20 })) {
    const bytes = chunk as Buffer;
    let from = 0;
    for (let end = bytes.indexOf(10); end !== -1; end = bytes.indexOf(10, from)) {
      const line = bytes.subarray(from, end + 1);
      yield begun.length === 0 ? line : Buffer.concat([...begun, line]);
      begun = [];
      from = end + 1;
    }
    if (from < bytes.length) begun.push(bytes.subarray(from));
  }
  if (begun.length > 0) yield Buffer.concat(begun);
}
