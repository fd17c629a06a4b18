import { wordsOf } from "../../../../services/worker/connectors/words.ts";

test("an entry is said in plain text, with the person's traits in its placeholders", () => {
  const letter = { subject: "Welcome, {{ firstName }}", preheader: "**10 %** off{{ nothing }}" };
  expect(wordsOf("email-template", letter, { firstName: "Ana" })).toEqual({
    title: "Welcome, Ana",
    text: "10 % off",
  });
});

test("a landing page says its headline, its body and where it leads", () => {
  const page = {
    title: "Spring sale",
    headline: "Spring tastes mild",
    body: "Until April.",
    callToAction: "Shop",
    callToActionUrl: "/shop",
    seo: { metaTitle: "x" },
  };
  expect(wordsOf("landing-page", page, {})).toEqual({
    title: "Spring sale",
    text: "Spring tastes mild\nUntil April.\nShop\n/shop",
  });
});

test("nobody's prototype fills a placeholder, and words are bounded", () => {
  const page = { title: "{{ constructor }}{{ toString }}x", body: "y".repeat(10_000) };
  const { title, text } = wordsOf("page", page, {});
  expect([title, text.length]).toEqual(["x", 4000]);
});
