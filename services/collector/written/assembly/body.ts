/** Zeros behind a body: JSON goes on with none of them, so readers need not look for its end. More than what one load reads. */
const ZEROS = 64;
const PAGE = 0x10000;
/** Pages that memory grows by at a time, to grow seldom. */
const MORE_PAGES = 16;

/** Address of the body. */
export let body: usize = 0;

/** Address behind it. */
export let bodyEnd: usize = 0;

/** Address behind its zeros. */
export let bodyRoomEnd: usize = 0;

/** Makes room for a body of so many bytes; returns the address that it must be written to. What was read before is gone. */
export function reserve(length: i32): usize {
  body = alignedTo16(__heap_base);
  bodyEnd = body + <usize>length;
  bodyRoomEnd = alignedTo16(bodyEnd + ZEROS);
  ensure(bodyRoomEnd);
  memory.fill(bodyEnd, 0, ZEROS);
  return body;
}

/** Grows memory up to an address. */
export function ensure(end: usize): void {
  const missing = <i32>((end + PAGE - 1) / PAGE) - memory.size();
  if (missing > 0 && memory.grow(missing + MORE_PAGES) < 0) unreachable();
}

function alignedTo16(address: usize): usize {
  return (address + 15) & ~15;
}
