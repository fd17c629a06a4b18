import { numberOrText } from "./fields.ts";

/** What gtag.js calls the parameters of an item. */
const NAMES: Readonly<Record<string, string>> = {
  id: "item_id",
  nm: "item_name",
  br: "item_brand",
  ca: "item_category",
  c2: "item_category2",
  c3: "item_category3",
  c4: "item_category4",
  c5: "item_category5",
  va: "item_variant",
  ln: "item_list_name",
  li: "item_list_id",
  lp: "index",
  pr: "price",
  qt: "quantity",
  cp: "coupon",
  ds: "discount",
  af: "affiliation",
  lo: "location_id",
  pi: "promotion_id",
  pn: "promotion_name",
  cn: "creative_name",
  cs: "creative_slot",
};

const NUMBERS: ReadonlySet<string> = new Set(["index", "price", "quantity", "discount"]);

/** An item of a purchase as gtag.js writes it: `id…~nm…~pr12.5~k0size~v0L`. */
export function gtagItem(text: string): Record<string, unknown> {
  const item: Record<string, unknown> = {};
  const custom = new Map<string, string>();
  for (const part of text.split("~")) {
    const [key, value] = [part.slice(0, 2), part.slice(2)];
    if (/^k\d$/.test(key)) custom.set(key[1]!, value);
    else if (/^v\d$/.test(key)) item[custom.get(key[1]!) ?? key] = value;
    else {
      const name = NAMES[key] ?? key;
      item[name] = NUMBERS.has(name) ? numberOrText(value) : value;
    }
  }
  return item;
}
