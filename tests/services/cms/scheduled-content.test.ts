import { changeProblem } from "../../../services/cms/src/scheduled-content.ts";

const change = {
  action: "publish",
  uid: "api::page.page",
  documentId: "kqupxzqf7nei8zkpzmgocn1s",
  locale: "en",
  at: "2027-03-28T01:30:00.000Z",
};

test.each(["publish", "unpublish"])("the scheduled change %s is taken", (action) => {
  expect(changeProblem({ ...change, action })).toBeUndefined();
});

test.each([
  [undefined, "action must be publish or unpublish, got nothing"],
  [{ ...change, action: "delete" }, 'action must be publish or unpublish, got "delete"'],
  [{ ...change, action: "toString" }, 'action must be publish or unpublish, got "toString"'],
  [{ ...change, at: undefined }, "at must be an instant as 2027-03-20T08:00:00.000Z, got nothing"],
  [
    { ...change, at: "2027-03-28 02:30" },
    'at must be an instant as 2027-03-20T08:00:00.000Z, got "2027-03-28 02:30"',
  ],
  [
    { ...change, at: { $ne: "" } },
    'at must be an instant as 2027-03-20T08:00:00.000Z, got {"$ne":""}',
  ],
  [{ ...change, uid: "admin::user" }, "uid must be one of "],
  [{ ...change, documentId: "*" }, 'documentId must be a document\'s id, got "*"'],
  [{ ...change, locale: "*" }, 'locale must be a code as en, got "*"'],
])("fails on the scheduled change %j", (data, problem) => {
  expect(changeProblem(data)).toContain(problem);
});
