import { wordsOfCms } from "../../../../services/worker/connectors/find-words.ts";
import type { EntryFields } from "../../../../services/worker/connectors/words.ts";
import { anEffect } from "./an-effect.ts";

let asked: unknown[][];
let entry: () => Promise<EntryFields | undefined>;
beforeEach(() => {
  asked = [];
  entry = async () => ({ subject: "Welcome, {{ firstName }}", preheader: "Good oil." });
});

const find = () =>
  wordsOfCms({
    entry: (...reference) => {
      asked.push(reference);
      return entry();
    },
  });

test("finds what an effect says in its locale, and asks the CMS once for all that say the same", async () => {
  const words = find();
  expect(await words(anEffect())).toEqual({ title: "Welcome, Ana", text: "Good oil." });
  await words(anEffect({ key: "uid/user:bo/greet" }));
  await words(anEffect({ locale: "es" }));
  expect(asked).toEqual([
    ["email-template", "welcome", "en", undefined],
    ["email-template", "welcome", "es", undefined],
  ]);
});

test("finds nothing where it is not published, and asks again after the CMS did not answer", async () => {
  const words = find();
  entry = async () => Promise.reject(new Error("away"));
  await expect(words(anEffect())).rejects.toThrow("away");
  entry = async () => undefined;
  expect(await words(anEffect())).toBeUndefined();
});
