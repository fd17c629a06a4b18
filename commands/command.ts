import { parseArgs, type ParseArgsOptionsConfig } from "node:util";

/** What a command accepts on its command line. */
export interface CommandSyntax<T extends ParseArgsOptionsConfig> {
  /** One line, as shown in errors: `up [--stack NAME] [--take-over]`. */
  readonly usage: string;
  readonly options: T;
  /** Most positional arguments. @default 0 */
  readonly positionals?: number;
}

/**
 * The command line of this process, parsed.
 *
 * @throws Error naming the unknown or incomplete argument and the usage.
 */
export function commandLine<const T extends ParseArgsOptionsConfig>(syntax: CommandSyntax<T>) {
  try {
    const parsed = parseArgs({
      args: process.argv.slice(2),
      options: syntax.options,
      allowPositionals: (syntax.positionals ?? 0) > 0,
    });
    if (parsed.positionals.length > (syntax.positionals ?? 0)) {
      throw new Error(`Unexpected argument '${parsed.positionals.at(-1)}'`);
    }
    return parsed;
  } catch (error) {
    const problem = (error as Error).message.split(". To specify")[0];
    throw new Error(`${problem}; usage: npm run ${syntax.usage}`, { cause: error });
  }
}

/**
 * Runs a command: its number becomes the exit code; an error becomes one message on standard error and exit code 1.
 */
export async function command(run: () => Promise<number | undefined>): Promise<void> {
  try {
    process.exitCode = (await run()) ?? 0;
  } catch (error) {
    process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
