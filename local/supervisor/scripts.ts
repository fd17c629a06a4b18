import { createHash } from "node:crypto";
import type { Service } from "./service.ts";

/** How many deaths a service's list keeps. */
const DEATHS_KEPT = 100;

/** What runit reads of one service: its three scripts and the settings of its log. */
export interface Scripts {
  /** Digest of all that the process depends on; the running process leaves it in `applied`. */
  readonly digest: string;
  readonly run: string;
  readonly finish: string;
  readonly logRun: string;
  readonly logConfig: string;
}

/**
 * The scripts of `service`.
 *
 * @param program identity of the program's binary (size and time): a new binary restarts the process.
 * @param logFolder absolute path where its output is kept, rotated.
 */
export function scriptsOf(
  service: Service,
  { program, logFolder }: { program: string; logFolder: string },
): Scripts {
  const start = [
    ...(service.needs ?? []).map((need) => `until ${need}; do sleep 0.1; done`),
    ...Object.entries(service.environment ?? {}).map(
      ([name, value]) => `export ${name}=${quoted(value)}`,
    ),
    // Dies with its supervisor: an orphan would keep the port from its successor.
    `exec setpriv --pdeathsig KILL -- ${service.command.map(quoted).join(" ")}`,
  ].join("\n");
  const digest = createHash("sha256")
    .update(JSON.stringify([start, program, Object.entries(service.files ?? {}).sort()]))
    .digest("hex");
  return {
    digest,
    run: `#!/bin/bash\nexec 2>&1\n# Roots of containers are made with this; the folder of all the state is 0700.\numask 022\necho ${digest} >applied\n${start}\n`,
    finish: finishScript,
    logRun: `#!/bin/sh\nexec svlogd -tt ${quoted(logFolder)}\n`,
    logConfig: "s2000000\nn4\n",
  };
}

/** One death of a process that nobody had asked for. */
export interface Death {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Exit code, or the signal that killed it. */
  readonly reason: string;
}

/** The deaths that a service's finish script wrote, oldest first; lines that a full disk cut short are left out. */
export function deathsIn(text: string): Death[] {
  return text.split("\n").flatMap((line) => {
    const match = /^(\d+) (-?\d+) (\d+)$/.exec(line);
    if (!match) return [];
    const [, seconds, code, signal] = match.map(Number) as [number, number, number, number];
    return [{ at: seconds * 1000, reason: code === -1 ? `signal ${signal}` : `exit code ${code}` }];
  });
}

// A death that was wanted does not count: runit says so in supervise/stat, a restart leaves a file.
const finishScript = `#!/bin/sh
if [ -e planned ]; then exec rm -f planned; fi
case "$(cat supervise/stat)" in *want*) exit 0 ;; esac
echo "$(date +%s) $1 $2" >>deaths
tail -n ${DEATHS_KEPT} deaths >deaths.new && mv deaths.new deaths
`;

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
