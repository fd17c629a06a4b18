import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

const api = join(import.meta.dirname, "../../../services/cms/src/api");

/** An attribute as a schema file declares it. */
export interface Attribute {
  readonly type: string;
  readonly required?: boolean;
  /** Whether the REST API neither answers nor takes it. */
  readonly private?: boolean;
  readonly maxLength?: number;
  readonly regex?: string;
  readonly component?: string;
  readonly pluginOptions?: { i18n?: { localized?: boolean } };
}

/** A content type as its schema file declares it. */
export interface ContentType {
  readonly kind: string;
  readonly collectionName: string;
  readonly info: { singularName: string; pluralName: string; displayName: string };
  readonly options: { draftAndPublish?: boolean };
  readonly pluginOptions: { i18n?: { localized?: boolean } };
  readonly attributes: Readonly<Record<string, Attribute>>;
}

/** The content types of the CMS by their unique id, `api::page.page`. */
export function contentTypes(): Map<string, ContentType> {
  return new Map(
    readdirSync(api).flatMap((name) => {
      const path = join(api, name, "content-types", name, "schema.json");
      // What is no content type has routes only.
      return existsSync(path)
        ? [[`api::${name}.${name}`, JSON.parse(readFileSync(path, "utf8"))]]
        : [];
    }),
  );
}

/** What a content type's router file says. */
export function routerOf(uid: string): string {
  const name = uid.split(".")[1]!;
  return readFileSync(join(api, name, "routes", `${name}.ts`), "utf8");
}

/** The attributes of a component, `shared.seo`. */
export function componentOf(name: string): Readonly<Record<string, Attribute>> {
  const path = join(api, "../components", `${name.replace(".", "/")}.json`);
  return JSON.parse(readFileSync(path, "utf8")).attributes;
}
