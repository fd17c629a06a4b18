// Whether the folder it runs in has all that the server loads before it opens its database.
// Everything is loaded and registered against a port where no database listens: that refusal is the proof.
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

process.env.NODE_ENV = "production";
process.env.DATABASE_URL = "postgres://127.0.0.1:1/none";
process.env.APP_KEYS =
  process.env.ADMIN_JWT_SECRET =
  process.env.JWT_SECRET =
    "only-for-this-check";
process.env.API_TOKEN_SALT = process.env.TRANSFER_TOKEN_SALT = "only-for-this-check";

const appDir = process.cwd();
await import(pathToFileURL(join(appDir, "dist/src/server/metrics.js")).href);
const { createStrapi } = createRequire(join(appDir, "package.json"))("@strapi/strapi");
const reason = await createStrapi({ appDir, distDir: join(appDir, "dist") })
  .load()
  .then(
    () => new Error("a database answered on port 1"),
    (error) => error,
  );
if (reason.code !== "ECONNREFUSED") {
  throw new Error("the pruned folder must be complete; add what is missing to prune.mjs", {
    cause: reason,
  });
}
console.log("the pruned folder is complete");
process.exit(0);
