import { timingSafeEqual } from "node:crypto";

/** A site or app that may send events. */
export interface Source {
  /** 1-63 characters of `[a-z0-9-]`. */
  readonly name: string;
  /** What its SDKs present, 8-128 characters of `[A-Za-z0-9_-]`. */
  readonly writeKey: string;
  /** What they may present as well, while their write key is rotated. */
  readonly previousWriteKey?: string | undefined;
}

const MAX_KEY = 128;

/** The sources, found by their write keys. */
export class Sources {
  readonly names: readonly string[];
  readonly #keys: readonly { readonly source: Source; readonly padded: Buffer }[];
  readonly #given = Buffer.alloc(MAX_KEY);

  constructor(sources: readonly Source[]) {
    this.names = sources.map(({ name }) => name);
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
}
