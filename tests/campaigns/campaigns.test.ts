import { join } from "node:path";
import { clonePath } from "../../local/paths.ts";
import { lint } from "../../commands/campaign/lint.ts";
import { campaignFiles } from "../../stacks/campaigns/folder.ts";
import { campaignSchema, fileSchema } from "../../stacks/campaigns/schema.ts";
import { expectGolden } from "../golden.ts";

test.each(campaignFiles())("%s is what the API server will take", (path) => {
  expect(lint([path]).problems).toEqual([]);
});

test("editors complete by the schema of the API server", () => {
  expectGolden(
    join(clonePath, "campaigns", "campaign.schema.json"),
    `${JSON.stringify(fileSchema(campaignSchema()), undefined, 2)}\n`,
  );
});
