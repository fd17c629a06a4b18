/** Digits in which an id is written, so that every body of a size has the same length. */
const ID_DIGITS = 16;

const EMPTY_ID = "0".repeat(ID_DIGITS);

/** An event of about 600 bytes, as analytics.js sends a purchase. */
const EVENT = JSON.stringify({
  type: "track",
  messageId: EMPTY_ID,
  event: "Order Completed",
  userId: "user-4711",
  anonymousId: "8f1c2d3e-4b5a-6978-8796-a5b4c3d2e1f0",
  timestamp: "2026-01-01T12:00:00.000Z",
  properties: {
    orderId: "50314b8e",
    revenue: 25.5,
    currency: "EUR",
    coupon: "spring-sale",
    products: [
      { productId: "507f1f77", sku: "45790-32", name: "Monopoly", price: 19, quantity: 1 },
    ],
  },
  context: {
    consent: { categoryPreferences: { analytics: true, email: true } },
    library: { name: "analytics.js", version: "1.84.3" },
    page: { path: "/checkout", url: "https://shop.example/checkout", title: "Checkout" },
    locale: "en-US",
  },
});

/** Body of a batch of `count` events whose ids can be written over. */
export class Batch {
  readonly bytes: Buffer;
  readonly #offsets: number[] = [];

  constructor(count: number) {
    this.bytes = Buffer.from(`{"batch":[${Array.from({ length: count }, () => EVENT).join(",")}]}`);
    const needle = Buffer.from(EMPTY_ID);
    for (let at = this.bytes.indexOf(needle); at >= 0; at = this.bytes.indexOf(needle, at + 1)) {
      this.#offsets.push(at);
      at += ID_DIGITS;
    }
  }

  /** Gives its events the ids from `first` on. */
  number(first: number): void {
    this.#offsets.forEach((offset, index) => {
      this.bytes.write(String(first + index).padStart(ID_DIGITS, "0"), offset, "latin1");
    });
  }
}
