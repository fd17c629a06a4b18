import { besideUpdate } from "../../../commands/content/beside-update.ts";

test("content comes while the update waits for it", async () => {
  let come: () => void;
  const came = new Promise<void>((resolve) => (come = resolve));
  const bring = async () => {
    come();
    return { changed: 2, there: 5, kept: [] };
  };
  const update = async (): Promise<string> => {
    await came;
    return "updated";
  };
  expect(await besideUpdate(bring, update)).toEqual({ result: "updated", changed: 2 });
});

test("an update ends though the CMS took nothing", async () => {
  const bring = () => Promise.reject(new Error("the CMS is starting"));
  expect(await besideUpdate(bring, async () => "updated")).toEqual({
    result: "updated",
    changed: 0,
  });
});

test("an update that fails is heard once nothing is being written any more", async () => {
  let isWritten = false;
  const bring = async () => {
    await new Promise(setImmediate);
    isWritten = true;
    return { changed: 1, there: 1, kept: [] };
  };
  const update = () => Promise.reject(new Error("the update failed"));
  await expect(besideUpdate(bring, update)).rejects.toThrow("the update failed");
  expect(isWritten).toBe(true);
});
