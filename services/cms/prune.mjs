// What the server needs at run time, without the admin page's build tools: 1,400 packages become a few hundred.
// Usage: node prune.mjs FOLDER; copies the needed part of ./node_modules to FOLDER/node_modules.
import { cpSync, existsSync, readFileSync, readdirSync, realpathSync, statSync } from "node:fs";
import { createRequire, isBuiltin } from "node:module";
import { basename, dirname, join, relative, resolve, sep } from "node:path";

const modules = realpathSync("node_modules");

/** Imported by name that only exists at run time, so no import leads to them. */
const importedDynamically = [
  "@strapi/provider-upload-local",
  "@strapi/provider-email-sendmail",
  "file-type",
];

/** Reached by imports that a built server never executes. */
const neverExecuted = new Set(["typescript", "prettier", "@strapi/generators"]);

/** In this package's dependencies only for the admin page, which is built by now. */
const adminPage = new Set(["react", "react-dom", "react-router-dom", "styled-components"]);

const found = new Set();

/** Folder of a package as seen from a folder; undefined if it is not installed. */
function folderOf(name, from) {
  for (let at = from; at.startsWith(dirname(modules)); at = dirname(at)) {
    const folder = join(at, "node_modules", name);
    if (existsSync(join(folder, "package.json"))) return folder;
  }
  return undefined;
}

function manifestOf(folder) {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
}

/** Name of the package that an import names: `lodash` of `lodash/fp`. */
function packageOf(specifier) {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}

function need(name, from) {
  if (neverExecuted.has(name)) return;
  const folder = folderOf(name, from);
  if (!folder || found.has(folder)) return;
  found.add(folder);
  if (name.startsWith("@strapi/")) followEntries(folder);
  else needDependencies(folder);
}

/** A third party's package may load anything it declares. */
function needDependencies(folder) {
  const manifest = manifestOf(folder);
  const optional = manifest.peerDependenciesMeta ?? {};
  const peers = Object.keys(manifest.peerDependencies ?? {}).filter(
    (name) => !optional[name]?.optional,
  );
  const declared = { ...manifest.dependencies, ...manifest.optionalDependencies };
  for (const name of [...Object.keys(declared), ...peers]) need(name, folder);
}

/** Strapi's packages declare the admin page's dependencies too, so what counts is what their server imports. */
function followEntries(folder) {
  const { main, exports = {} } = manifestOf(folder);
  const entries = [exports["./strapi-server"]?.require, exports["."]?.require ?? main];
  // A plugin's main entry, where it has a server, is its admin page.
  const entry = entries.find((path) => path && !path.includes("/admin/"));
  if (entry) follow(createRequire(join(folder, "package.json")).resolve(resolve(folder, entry)));
}

/** What a source imports by a literal name; comments name modules too (`{import('.').Type}`). */
function importsOf(source) {
  return source
    .split("\n")
    .filter((line) => !/^\s*(\/\/|\/\*|\*(?!\/))/.test(line))
    .flatMap((line) => [...line.matchAll(/\b(?:require|import)\(\s*["']([^"']+)["']\s*\)/g)])
    .map(([, specifier]) => specifier);
}

const followed = new Set();

function follow(file) {
  if (followed.has(file)) return;
  followed.add(file);
  if (!file.endsWith(".js")) return;
  const { resolve: resolveFrom } = createRequire(file);
  for (const specifier of importsOf(readFileSync(file, "utf8"))) {
    if (isBuiltin(specifier)) continue;
    if (!specifier.startsWith(".")) {
      need(packageOf(specifier), dirname(file));
      if (!specifier.startsWith("@strapi/") || neverExecuted.has(packageOf(specifier))) continue;
    }
    follow(resolveFrom(specifier));
  }
}

/** What Node reads at run time; of Strapi's packages neither the admin page nor the ES module build. */
function isNeeded(path, isStrapi) {
  const name = basename(path);
  if (name === "node_modules" || /\.(map|d\.[mc]?ts)$/.test(name)) return false;
  return !isStrapi || !(name.endsWith(".mjs") || path.endsWith(join("dist", "admin")));
}

function sizeOf(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}

const [out] = process.argv.slice(2);
if (!out)
  throw new Error("the folder to copy to must be given, got nothing; run: node prune.mjs FOLDER");

const own = Object.keys(manifestOf(".").dependencies).filter((name) => !adminPage.has(name));
for (const name of [...own, ...importedDynamically]) need(name, dirname(modules));
for (const name of readdirSync(join(modules, "@strapi"))) {
  const folder = join(modules, "@strapi", name);
  if (manifestOf(folder).exports?.["./strapi-server"]) need(`@strapi/${name}`, dirname(modules));
}

const target = join(resolve(out), "node_modules");
for (const folder of found) {
  const isStrapi = relative(modules, folder).startsWith(`@strapi${sep}`);
  cpSync(folder, join(target, relative(modules, folder)), {
    recursive: true,
    filter: (source) => source === folder || isNeeded(source, isStrapi),
  });
}
console.log(`${found.size} packages, ${Math.round(sizeOf(target) / 1e6)} MB in ${target}`);
