/** What happens when, on a clock that only goes on by what happens. */
export interface Timetable {
  /** Has something happen at an instant; what was asked for first is first of the same one. */
  at(instant: Date, happen: (now: Date) => void): void;
  /** Lets everything happen in order of time, with what it leads to. */
  run(): void;
}

/** An empty one: a binary heap. */
export function timetable(): Timetable {
  const heap: { readonly time: number; readonly order: number; happen(now: Date): void }[] = [];
  let order = 0;
  const isBefore = (a: number, b: number): boolean => {
    const [one, other] = [heap[a]!, heap[b]!];
    return one.time < other.time || (one.time === other.time && one.order < other.order);
  };
  const swap = (a: number, b: number): void => {
    [heap[a], heap[b]] = [heap[b]!, heap[a]!];
  };
  return {
    at(instant, happen) {
      heap.push({ time: instant.getTime(), order: order++, happen });
      let index = heap.length - 1;
      while (index > 0) {
        const parent = (index - 1) >> 1;
        if (!isBefore(index, parent)) break;
        swap(index, parent);
        index = parent;
      }
    },
    run() {
      while (heap.length > 0) {
        swap(0, heap.length - 1);
        const { time, happen } = heap.pop()!;
        for (let index = 0; ;) {
          const [left, right] = [2 * index + 1, 2 * index + 2];
          let first = index;
          if (left < heap.length && isBefore(left, first)) first = left;
          if (right < heap.length && isBefore(right, first)) first = right;
          if (first === index) break;
          swap(first, index);
          index = first;
        }
        happen(new Date(time));
      }
    },
  };
}
