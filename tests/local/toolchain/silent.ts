import type { Progress } from "../../../local/progress.ts";

/** A {@link Progress} that tells nobody, and remembers the titles of its steps. */
export function silentProgress(): Progress & { readonly titles: string[] } {
  const titles: string[] = [];
  return {
    titles,
    step(title, work) {
      titles.push(title);
      return work(() => undefined);
    },
  };
}
