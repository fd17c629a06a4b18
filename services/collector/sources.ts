import { timingSafeEqual } from "node:crypto";

import type { SourceRules } from "../contract/source-rules.ts";
import { RateLimit } from "./rate-limit.ts";

/** A site or app that may send events. */
export interface Source {
  /** 1-63 characters of `[a-z0-9-]`. */
  readonly name: string;
  /** What its SDKs present, 8-128 characters of `[A-Za-z0-9_-]`. */
  readonly writeKey: string;
  /** What they may present as well, while their write key is rotated. */
  readonly previousWriteKey?: string | undefined;
  /** What it may do. @default - anything */
  readonly rules?: SourceRules;
}

const MAX_KEY = 128;

/** The sources, found by their write keys. */
export class Sources {
  readonly names: readonly string[];
  readonly #keys: readonly { readonly source: Source; readonly padded: Buffer }[];
  readonly #given = Buffer.alloc(MAX_KEY);
  readonly #limits = new Map<string, RateLimit>();

  constructor(sources: readonly Source[]) {
    this.names = sources.map(({ name }) => name);
    for (const { name, rules } of sources) {
      if (rules?.eventsPerSecond === undefined) continue;
      this.#limits.set(name, new RateLimit(rules.eventsPerSecond, performance.now()));
    }
    this.#keys = sources.flatMap((source) =>
      [source.writeKey, source.previousWriteKey]
        .filter((key) => key !== undefined)
        .map((key) => {
          const padded = Buffer.alloc(MAX_KEY);
          padded.write(key, "latin1");
          return { source, padded };
        }),
    );
  }

  /** The source with this write key; undefined if there is none. Takes as long for any key that could be one. */
  find(writeKey: string): Source | undefined {
    if (!/^[A-Za-z0-9_-]{1,128}$/.test(writeKey)) return undefined;
    const given = this.#given.fill(0);
    given.write(writeKey, "latin1");
    let found: Source | undefined;
    for (const { source, padded } of this.#keys) {
      if (timingSafeEqual(padded, given)) found = source;
    }
    return found;
  }

  /** Takes so many events of a source; returns 0, or the seconds to wait if they are more than it may send now. */
  take(source: Source, events: number): number {
    return this.#limits.get(source.name)?.take(events, performance.now()) ?? 0;
  }
}

/** What a source must not do that is asked in its name, as `<what> must <rule>`; undefined if it may. */
export function forbidden(
  { name, rules }: Source,
  dialect: string,
  origin: string | undefined,
): string | undefined {
  if (rules?.dialects !== undefined && !rules.dialects.includes(dialect)) {
    return `dialect must be one that source ${name} may use, got ${dialect}`;
  }
  if (
    rules?.origins !== undefined &&
    origin !== undefined &&
    !rules.origins.includes(origin.toLowerCase())
  ) {
    return `origin must be one of source ${name}, got ${JSON.stringify(origin.slice(0, 255))}`;
  }
  return undefined;
}
