import { isBaseUrl } from "../../../services/contract/base-url.ts";

test.each(["https://shop.example", "http://127.0.0.1:8080", "https://shop.example/es/path?a=b"])(
  "%s is one",
  (url) => {
    expect(isBaseUrl(url)).toBe(true);
  },
);

test.each([
  "",
  "shop.example",
  "ftp://shop.example",
  "https://",
  "https://shop.example/",
  "https://shop .example",
  "https://shop.example:port",
  'https://shop.example/"><script>',
])("%s is none", (url) => {
  expect(isBaseUrl(url)).toBe(false);
});
