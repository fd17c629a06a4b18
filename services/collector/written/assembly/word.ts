const BYTES: usize = 1024;
const area = memory.data(1024, 16);
let end: usize = 0;

/** Address of a text in ASCII, with room behind it for whole vectors. */
export function word(text: string): usize {
  const at = area + end;
  for (let index = 0; index < text.length; index++)
    store<u8>(at + index, <u8>text.charCodeAt(index));
  end += (text.length + 16) & ~15;
  if (end > BYTES) unreachable();
  return at;
}

/** Whether so many bytes are the same. Reads up to 15 bytes behind them. */
export function isSame(one: usize, other: usize, length: i32): bool {
  let at = 0;
  for (; length - at > 16; at += 16) {
    if (same(one + at, other + at) != 0xffff) return false;
  }
  const mask = (1 << (length - at)) - 1;
  return (same(one + at, other + at) & mask) == mask;
}

/** A bit for each of 16 bytes. */
function same(one: usize, other: usize): i32 {
  return i8x16.bitmask(i8x16.eq(v128.load(one), v128.load(other)));
}
