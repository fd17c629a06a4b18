import { projectNumber } from "../../local/monitoring/state/project-name.ts";

/** The project that replayed calls are about. */
export const PROJECT = "conformance";

/** Placeholders whose values are known before anything is called. */
const fixed: Readonly<Record<string, string>> = {
  projectId: PROJECT,
  uniqueId: "unique",
  kccVersion: "1.0.0",
};

/** A recorded moment; the emulator's own time may be any. */
const RECORDED_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/;

/** One ID that a server has given, or that a caller chose. */
interface Id {
  readonly value: string;
  isDeleted: boolean;
}

/**
 * What the placeholders of one recording mean while it is replayed.
 *
 * A recording calls all IDs of one kind alike (`${groupID}`), so there may be several values.
 */
export class Placeholders {
  readonly #ids = new Map<string, Id[]>();
  #etag: string | undefined;

  /** Values that the ID in `text` may have, likeliest first; one made up where none is known. */
  candidates(text: string): string[] {
    const name = idIn(text);
    if (name === undefined) return [];
    const known = this.#ids.get(name) ?? [];
    if (known.length === 0) this.#learn(name, `made-up-${name.toLowerCase()}`);
    return [...this.#ids.get(name)!]
      .reverse()
      .sort((a, b) => Number(a.isDeleted) - Number(b.isDeleted))
      .map(({ value }) => value);
  }

  /** `text` with values for its placeholders: `id` for the ID in it, where it has one. */
  fill(text: string, id?: string): string {
    return text.replace(/\$\{(\w+)\}/g, (placeholder, name: string) => {
      if (name === "projectNumber") return projectNumber(PROJECT);
      return (
        fixed[name] ?? (/ID$/.test(name) ? (id ?? this.candidates(placeholder)[0]!) : placeholder)
      );
    });
  }

  /** Notes the etag of an answer; a recorded etag means nothing to this server. */
  learnEtag(etag: string): void {
    this.#etag = etag;
  }

  /** The etag to send instead of a recorded one: the last that was answered. */
  etag(recorded: string): string {
    return this.#etag ?? recorded;
  }

  /** Notes that the thing with this ID is gone. */
  forget(text: string, value: string): void {
    const id = this.#ids.get(idIn(text) ?? "")?.find((known) => known.value === value);
    if (id) id.isDeleted = true;
  }

  /** Whether `actual` is what the recorded text stands for; learns the IDs in it. */
  accepts(recorded: string, actual: string): boolean {
    if (RECORDED_TIME.test(recorded)) return RECORDED_TIME.test(actual);
    const names: string[] = [];
    const pattern = recorded
      .split(/(\$\{\w+\})/)
      .map((part) => {
        const name = /^\$\{(\w+)\}$/.exec(part)?.[1];
        if (name === "projectNumber") return "\\d{12}";
        if (name && /ID$/.test(name)) {
          names.push(name);
          return "([^/'\"]+)";
        }
        return (name ? (fixed[name] ?? part) : part).replace(/[^A-Za-z0-9]/g, "\\$&");
      })
      .join("");
    const match = new RegExp(`^${pattern}$`).exec(actual);
    match?.slice(1).forEach((value, index) => this.#learn(names[index]!, value));
    return match !== null;
  }

  #learn(name: string, value: string): void {
    const known = this.#ids.get(name) ?? [];
    if (known.some((id) => id.value === value)) return;
    this.#ids.set(name, [...known, { value, isDeleted: false }]);
  }
}

function idIn(text: string): string | undefined {
  return [...text.matchAll(/\$\{(\w+ID)\}/g)].at(-1)?.[1];
}
