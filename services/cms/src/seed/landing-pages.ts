import type { SeedEntry } from "./seed-entry.ts";

export const landingPages: readonly SeedEntry[] = [
  {
    uid: "api::landing-page.landing-page",
    key: { slug: "spring-sale", variant: "a" },
    shared: { campaign: "spring-sale" },
    status: "published",
    localized: {
      en: {
        title: "Spring sale: 20 % off Arbequina",
        headline: "Spring tastes mild: 20 % off Arbequina",
        body: "The last bottles of the autumn harvest make room for the new one. Until the end of April, every bottle and every tin of **Arbequina** costs 20 % less. No code needed: the price in the basket is the price you pay.",
        callToAction: "Shop Arbequina",
        callToActionUrl: "/shop/arbequina",
        seo: {
          metaTitle: "Spring sale: 20 % off Arbequina olive oil",
          metaDescription:
            "Until the end of April, all Arbequina olive oil from Olivar Luz costs 20 % less. No code needed.",
          noIndex: false,
        },
      },
      es: {
        title: "Oferta de primavera: 20 % en Arbequina",
        headline: "La primavera sabe suave: 20 % de descuento en Arbequina",
        body: "Las últimas botellas de la cosecha de otoño dejan sitio a la nueva. Hasta finales de abril, todas las botellas y latas de **Arbequina** cuestan un 20 % menos. Sin códigos: el precio de la cesta es el que pagas.",
        callToAction: "Comprar Arbequina",
        callToActionUrl: "/es/tienda/arbequina",
        seo: {
          metaTitle: "Oferta de primavera: 20 % en aceite Arbequina",
          metaDescription:
            "Hasta finales de abril, todo el aceite Arbequina de Olivar Luz cuesta un 20 % menos. Sin códigos.",
          noIndex: false,
        },
      },
    },
  },
  {
    uid: "api::landing-page.landing-page",
    key: { slug: "spring-sale", variant: "b" },
    shared: { campaign: "spring-sale" },
    status: "published",
    localized: {
      en: {
        title: "Spring sale: free shipping on two bottles",
        headline: "Two bottles, no postage",
        body: "One for the kitchen, one for the table. Until the end of April, we ship any **two bottles of Arbequina** free of charge to every address in the European Union. The postage disappears at the checkout by itself.",
        callToAction: "Choose two bottles",
        callToActionUrl: "/shop/arbequina",
        seo: {
          metaTitle: "Spring sale: two bottles, free shipping",
          metaDescription:
            "Until the end of April, Olivar Luz ships any two bottles of Arbequina olive oil free of charge within the EU.",
          noIndex: true,
        },
      },
      es: {
        title: "Oferta de primavera: envío gratis con dos botellas",
        headline: "Dos botellas, sin gastos de envío",
        body: "Una para la cocina y otra para la mesa. Hasta finales de abril, enviamos gratis **dos botellas de Arbequina** a cualquier dirección de la Unión Europea. Los gastos de envío desaparecen solos al pagar.",
        callToAction: "Elegir dos botellas",
        callToActionUrl: "/es/tienda/arbequina",
        seo: {
          metaTitle: "Oferta de primavera: dos botellas, envío gratis",
          metaDescription:
            "Hasta finales de abril, Olivar Luz envía gratis dos botellas de aceite Arbequina dentro de la UE.",
          noIndex: true,
        },
      },
    },
  },
];
