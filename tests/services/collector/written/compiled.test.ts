import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { expectGolden } from "../../../golden.ts";
import { temporaryFolder } from "../temporary-folder.ts";

const written = "services/collector/written";

test("what is compiled is what its source is compiled to", () => {
  const out = join(temporaryFolder(), "scanner.wasm");
  const compiler = "node_modules/assemblyscript/bin/asc.js";
  const config = `${written}/assembly/asconfig.json`;
  execFileSync("node", [compiler, "--config", config, "--outFile", out], { stdio: "pipe" });
  expectGolden(
    `${written}/compiled.ts`,
    `/** \`assembly/\`, compiled. */\nexport const COMPILED =\n  "${readFileSync(out, "base64")}";\n`,
  );
}, 120_000);
