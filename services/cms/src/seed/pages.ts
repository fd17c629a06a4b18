import type { SeedEntry } from "./seed-entry.ts";

export const pages: readonly SeedEntry[] = [
  {
    uid: "api::page.page",
    key: { slug: "home" },
    shared: {},
    status: "published",
    localized: {
      en: {
        title: "Olive oil, pressed within four hours",
        body: [
          "We are Olivar Luz, a family press in the hills above Jaén. Our olives reach the mill within four hours of leaving the tree, and that is the whole secret.",
          "## Three oils, one valley",
          "- **Picual**: peppery and green, for tomatoes and grilled bread.\n- **Arbequina**: mild and almondy, for fish and baking.\n- **Early harvest**: pressed in October, 2,000 bottles a year, for everything.",
          "Order before noon and your parcel leaves the same day, to any address in the European Union.",
        ].join("\n\n"),
        seo: {
          metaTitle: "Olivar Luz: fresh olive oil from Jaén",
          metaDescription:
            "Extra virgin olive oil from a family press in Jaén, pressed within four hours of picking and shipped across Europe.",
          noIndex: false,
        },
      },
      es: {
        title: "Aceite de oliva, prensado en cuatro horas",
        body: [
          "Somos Olivar Luz, una almazara familiar en las sierras de Jaén. Nuestras aceitunas llegan al molino antes de que pasen cuatro horas desde la recogida: ese es todo el secreto.",
          "## Tres aceites, un solo valle",
          "- **Picual**: verde y picante, para el tomate y el pan a la brasa.\n- **Arbequina**: suave y almendrado, para el pescado y la repostería.\n- **Cosecha temprana**: prensado en octubre, 2000 botellas al año, para todo.",
          "Haz tu pedido antes de las doce y saldrá el mismo día hacia cualquier dirección de la Unión Europea.",
        ].join("\n\n"),
        seo: {
          metaTitle: "Olivar Luz: aceite de oliva fresco de Jaén",
          metaDescription:
            "Aceite de oliva virgen extra de una almazara familiar de Jaén, prensado a las cuatro horas de la recogida y enviado a toda Europa.",
          noIndex: false,
        },
      },
    },
  },
  {
    uid: "api::page.page",
    key: { slug: "olive-oil-club" },
    shared: {},
    status: "draft",
    localized: {
      en: {
        title: "The Olive Oil Club",
        body: "Four parcels a year, one for each season, with a bottle that is not in the shop. We open the list in September.",
        seo: {
          metaTitle: "The Olive Oil Club by Olivar Luz",
          metaDescription:
            "Four parcels a year with fresh olive oil from our press in Jaén. The list opens in September.",
          noIndex: true,
        },
      },
      es: {
        title: "El Club del Aceite",
        body: "Cuatro envíos al año, uno por estación, con una botella que no está a la venta en la tienda. Abrimos la lista en septiembre.",
        seo: {
          metaTitle: "El Club del Aceite de Olivar Luz",
          metaDescription:
            "Cuatro envíos al año con aceite fresco de nuestra almazara de Jaén. La lista se abre en septiembre.",
          noIndex: true,
        },
      },
    },
  },
];
