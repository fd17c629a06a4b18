import { createHash, timingSafeEqual } from "node:crypto";

/** A site or app that may send events. */
export interface Source {
  /** 1-63 characters of `[a-z0-9-]`. */
  readonly name: string;
  /** What its SDKs present, 8-128 characters of `[A-Za-z0-9_-]`. */
  readonly writeKey: string;
  /** What they may present as well, while their write key is rotated. */
  readonly previousWriteKey?: string | undefined;
}

/** The sources, found by their write keys. */
export class Sources {
  readonly names: readonly string[];
  readonly #digests: readonly { readonly name: string; readonly digest: Buffer }[];

  constructor(sources: readonly Source[]) {
    this.names = sources.map(({ name }) => name);
    this.#digests = sources.flatMap(({ name, writeKey, previousWriteKey }) =>
      [writeKey, previousWriteKey]
        .filter((key) => key !== undefined)
        .map((key) => ({ name, digest: digestOf(key) })),
    );
  }

  /** Name of the source with this write key; undefined if there is none. Takes as long for any key. */
  nameOf(writeKey: string): string | undefined {
    const given = digestOf(writeKey);
    let found: string | undefined;
    for (const { name, digest } of this.#digests) if (timingSafeEqual(digest, given)) found = name;
    return found;
  }
}

function digestOf(writeKey: string): Buffer {
  return createHash("sha256").update(writeKey).digest();
}
