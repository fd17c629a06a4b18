import type { SeedEntry } from "./seed-entry.ts";

export const emailTemplates: readonly SeedEntry[] = [
  {
    uid: "api::email-template.email-template",
    key: { slug: "welcome" },
    shared: {},
    status: "published",
    localized: {
      en: {
        subject: "Welcome to Olivar Luz, {{ firstName }}",
        preheader: "How to taste an olive oil in three sips, and 10 % off your first parcel.",
        body: mjml({
          greeting: "Good to have you here, {{ firstName }}",
          paragraphs: [
            "Pour a spoonful into a small glass, warm it in your hand, and take three sips: the first for the nose, the second for the tongue, the third for the pepper at the back of the throat. That pepper means that the oil is fresh.",
            "To find out which of our three oils is yours, take 10 % off your first parcel. The discount is already in your basket.",
          ],
          button: { label: "Choose your oil", url: "{{ siteUrl }}/shop" },
          farewell: "Warm regards from Jaén,<br />Carmen and Luis, Olivar Luz",
          footer:
            'You receive this message because you asked for our letters. <a href="{{ unsubscribeUrl }}">Unsubscribe</a>',
        }),
      },
      es: {
        subject: "Te damos la bienvenida a Olivar Luz, {{ firstName }}",
        preheader: "Cómo catar un aceite en tres sorbos, y un 10 % en tu primer pedido.",
        body: mjml({
          greeting: "Qué bien que estés aquí, {{ firstName }}",
          paragraphs: [
            "Sirve una cucharada en un vaso pequeño, caliéntalo con la mano y da tres sorbos: el primero para la nariz, el segundo para la lengua y el tercero para el picor al fondo de la garganta. Ese picor es señal de que el aceite es fresco.",
            "Para que descubras cuál de nuestros tres aceites es el tuyo, tienes un 10 % de descuento en tu primer pedido. Ya está aplicado en la cesta.",
          ],
          button: { label: "Elige tu aceite", url: "{{ siteUrl }}/es/tienda" },
          farewell: "Un abrazo desde Jaén,<br />Carmen y Luis, Olivar Luz",
          footer:
            'Recibes este mensaje porque pediste nuestras cartas. <a href="{{ unsubscribeUrl }}">Darse de baja</a>',
        }),
      },
    },
  },
];

/** A letter in the brand's one layout. */
function mjml(letter: {
  greeting: string;
  paragraphs: string[];
  button: { label: string; url: string };
  farewell: string;
  footer: string;
}): string {
  const text = (content: string) => `        <mj-text line-height="1.5">${content}</mj-text>`;
  return [
    "<mjml>",
    '  <mj-body background-color="#f6f4ec">',
    '    <mj-section background-color="#ffffff">',
    "      <mj-column>",
    `        <mj-text font-size="22px">${letter.greeting}</mj-text>`,
    ...letter.paragraphs.map(text),
    `        <mj-button background-color="#5a6b2f" href="${letter.button.url}">${letter.button.label}</mj-button>`,
    text(letter.farewell),
    "      </mj-column>",
    "    </mj-section>",
    "    <mj-section>",
    "      <mj-column>",
    `        <mj-text font-size="12px">${letter.footer}</mj-text>`,
    "      </mj-column>",
    "    </mj-section>",
    "  </mj-body>",
    "</mjml>",
    "",
  ].join("\n");
}
