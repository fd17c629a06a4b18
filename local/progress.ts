/** Tells a person what long work is doing, and for how long. */
export interface Progress {
  /**
   * Runs one named piece of work; shows its title, the time passed, and how it ended.
   *
   * `work` may call `detail` to say what it is doing right now.
   *
   * @throws whatever `work` throws, unchanged.
   */
  step<T>(title: string, work: (detail: (text: string) => void) => Promise<T>): Promise<T>;
}

/** How often a step that is still running repeats itself where there is no terminal, in milliseconds. */
const REPEAT = 15_000;

/** A {@link Progress} that writes lines to standard error: rewritten in place on a terminal, appended elsewhere. */
export function lineProgress(out: NodeJS.WriteStream = process.stderr): Progress {
  const origin = Date.now();
  return {
    async step(title, work) {
      const begun = Date.now();
      let detail = "";
      const line = (mark: string): string =>
        `[${clock(Date.now() - origin)}] ${mark} ${title}${detail ? `: ${detail}` : ""} (${clock(Date.now() - begun)})`;
      const show = (): void => {
        if (out.isTTY) out.write(`\r\u001b[K${line("…").slice(0, out.columns - 1)}`);
        else out.write(`${line("…")}\n`);
      };
      const timer = setInterval(show, out.isTTY ? 250 : REPEAT);
      const end = (mark: string): void => {
        clearInterval(timer);
        out.write(`${out.isTTY ? "\r\u001b[K" : ""}${line(mark)}\n`);
      };
      try {
        const result = await work((text) => {
          detail = text;
        });
        end("✓");
        return result;
      } catch (error) {
        end("✗");
        throw error;
      }
    },
  };
}

function clock(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
