import pg from "pg";
import { readMappings } from "../../../commands/bad-rows/mapping.ts";
import { replayBadRows } from "../../../commands/bad-rows/replay.ts";

// Replays by one mapping until it is done or killed: its arguments are the database's URL and the mapping's path.
const [url, path] = process.argv.slice(2) as [string, string];
const client = new pg.Client({ connectionString: url });
await client.connect();
await replayBadRows(client, readMappings([path]), false);
await client.end();
